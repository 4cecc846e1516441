"""Which storages may be one memory, and what a write to one of them does to the others.

Two relations, both part of the state. A *link* says that two storages may share memory and nobody can tell: neither is written
while the other is alive. A *choice* says exactly which memory an array is, by a condition that is known at run time
(``v = x if c else y``): the array is kept as a value that is read again after each write to what it may be, and a write through
it is a branch on the condition.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..errors import UnsupportedError
from ..ir.core import Atom, Block, If, Path, Var
from ..ir.types import Array
from .values import Choice, Ref, State, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["AliasError", "EmptyHere", "connect", "link", "numbered", "partners", "read_again", "roots", "write_chosen"]


class AliasError(UnsupportedError):
    """Whether a write changes another live array cannot be decided on the joined path; on each path by itself it may be."""


class EmptyHere(AliasError):
    """An item is read of a list that is empty: for certain, or as far as is known in this round over a loop."""


def connect(links: dict[int, frozenset[int]], a: int, b: int) -> None:
    """Note that two storages may be one memory."""
    if a != b:
        links[a] = links.get(a, frozenset()) | {b}
        links[b] = links.get(b, frozenset()) | {a}


def numbered(state: State) -> set[int]:
    """All that links of a state may be about: storages, lists, dicts and objects, and what these hold."""
    return set(state.store) | {n for oid in state.objs for n in (oid, -2 * oid, -2 * oid - 1)}


def roots(state: State, sid: int) -> set[int]:
    """The storage itself, and those that it may be by choice."""
    found, todo = set(), [sid]
    while todo:
        s = todo.pop()
        if s not in found:
            found.add(s)
            if s in state.choices:
                todo.extend(state.choices[s].sources())
    return found


def partners(state: State, sid: int) -> frozenset[int]:
    """Storages (and lists) that may share memory with ``sid``, itself excluded unless it is linked to itself."""
    mine = roots(state, sid)
    linked = {p for s in mine for p in state.links.get(s, ())}
    found = (mine - {sid}) | linked
    found |= {c for c in state.choices if c != sid and roots(state, c) & (mine | linked)}
    return frozenset(found)


def link(state: State, a: int, b: int) -> None:
    """``a`` and ``b`` may share memory, and so may all that either may share memory with."""
    if a == b:
        state.links[a] = state.links.get(a, frozenset()) | {a}
        return
    group = {a, b} | partners(state, a) | partners(state, b)
    for one in group:
        for other in group:
            connect(state.links, one, other)


def write_chosen(cx: Lowerer, ref: Ref, value: Value, op: str, node: ast.AST | None, diagonal: bool) -> None:
    """A write through an array that is one of two: a branch on which of them it is."""
    from .control import branch

    choice = cx.state.choices[ref.sid]

    def write(source: Ref | None) -> None:
        if source is None:
            cx.write_storage(ref, value, op, node)
        else:
            cx.write(Ref(source.sid, Path((*source.path.steps, *ref.path.steps))), value, op, node, diagonal)

    def arm(holds: bool, source: Ref | None) -> None:
        before = cx.known
        cx.known = before | {choice.cond: holds}
        try:
            write(source)
        finally:
            cx.known = before

    branch(cx, choice.cond, lambda: arm(True, choice.then), lambda: arm(False, choice.orelse), cx.frames[-1].live)


def read_again(cx: Lowerer, sid: int) -> None:
    """The storage has a new version: so has every array that may be it by choice."""
    for chosen, choice in list(cx.state.choices.items()):
        if sid in choice.sources() and chosen in cx.state.store:
            cx.state.store[chosen] = current(cx, chosen, choice, sid)
            read_again(cx, chosen)


def current(cx: Lowerer, chosen: int, choice: Choice, written: int) -> Var:
    """What a chosen array holds after a write to the storage ``written``."""
    from .widening import join_types

    old = cx.state.store[chosen]

    def read(source: Ref | None) -> Atom:
        return cx.read(source) if source is not None and source.sid == written else old

    if choice.cond in cx.known:
        atom = read(choice.then if cx.known[choice.cond] else choice.orelse)
        assert isinstance(atom, Var)
        return atom
    arms = []
    for source in (choice.then, choice.orelse):
        with cx.builder.block() as stmts:
            atom = read(source)
        arms.append(Block(tuple(stmts), (atom,)))
    t = join_types(arms[0].results[0].type, arms[1].results[0].type, cx.facts)
    assert isinstance(t, Array)
    new = Var(t, old.hint)
    cx.builder.add(If(choice.cond, arms[0], arms[1], (new,), cx.builder.loc, cx.builder.role))
    return new
