"""Where the statements of a backward half stand, and to which line's adjoint they belong.

What the forward half kept is taken from its list where it is used first::

    c = stash_c.pop()                   # line 5: y = s + x
    s = stash_s.pop()                   x_bar = y_bar
    # line 5: y = s + x           =>    # line 4: s = c * x
    x_bar = y_bar                       c = stash_c.pop()
    # line 4: s = c * x                 x_bar += s_bar * c
    x_bar += s_bar * c

What only prepares an adjoint (a value of the forward half, zeros) belongs to the line of that adjoint.
"""

from __future__ import annotations

import ast

from ..errors import Loc
from .names import inner_blocks, slots_in, written_slots
from .tree import Line, Node

__all__ = ["put_in_place"]


def put_in_place(body: list[Node]) -> None:
    """Move and attribute the statements of ``body``, whose variables are placeholders still."""
    _sink(body)
    _attribute(body)


def _sink(body: list[Node]) -> None:
    """Move each pop down to the first statement that mentions its variable or its list."""
    later: list[Node] = []  # what comes after, last one first
    for node in reversed(body):
        for block in inner_blocks(node):
            _sink(block)
        later.insert(_place(node, later) if isinstance(node, Line) and _is_pop(node) else len(later), node)
    body[:] = reversed(later)


def _place(pop: Line, later: list[Node]) -> int:
    mine = slots_in(pop)
    for k in range(len(later), 0, -1):
        if not mine.isdisjoint(slots_in(later[k - 1])):
            return k
        if _may_leave(later[k - 1]):
            break
    return len(later)


def _may_leave(node: Node) -> bool:
    """Whether what follows ``node`` may be skipped."""
    leaving = isinstance(node, Line) and isinstance(node.stmt, (ast.Break, ast.Continue, ast.Return, ast.Raise))
    return leaving or any(_may_leave(n) for block in inner_blocks(node) for n in block)


def _is_pop(line: Line) -> bool:
    """Whether a statement of the backward half is ``x = stash.pop()``."""
    stmt = line.stmt
    value = stmt.value if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name) else None
    if line.role != "adjoint" or not isinstance(value, ast.Call) or value.args:
        return False
    return isinstance(value.func, ast.Attribute) and value.func.attr == "pop"


def _attribute(body: list[Node]) -> None:
    """Say of each statement what it is a part of: of what comes next, if it only prepares that."""
    following: Node | None = None
    for node in reversed(body):
        for block in inner_blocks(node):
            _attribute(block)
        if isinstance(node, Line) and (node.prepares or node.setup):
            node.about = _purpose(node, following)
            continue
        following = node
        if isinstance(node, Line):
            node.about = node.loc


def _purpose(node: Line, following: Node | None) -> Loc | None:
    """The line that a statement prepares; ``following`` is the next one that does not just prepare."""
    if following is None:
        return None if node.setup else node.loc
    known = isinstance(following, Line) and (node.prepares or not slots_in(following).isdisjoint(written_slots(node.stmt)))
    return following.loc if known else None
