"""How far iterators were gone through.

The position of an iterator is a name like any other, so branches join it and loops carry it: ``next(it)`` in a loop reads the
item at a position that only the run knows. What goes through all the rest notes so in ``State.taken``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..ir.build import const
from .aliases import AliasError
from .names import has_break, has_exit
from .values import Generator, Once, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["ALL", "is_empty", "is_left_early", "move", "position", "require_whole", "start", "used_up"]

ALL = -1  # in State.taken: nothing is left


def key_of(number: int) -> tuple[int, str]:
    return (0, f"<taken {number}>")


def start(cx: Lowerer, number: int) -> None:
    """An iterator of which nothing is taken."""
    cx.state.env[key_of(number)] = const(0)


def position(cx: Lowerer, value: Once, node: ast.AST | None) -> Value:
    """How many items were taken; it must be certain that the rest is still there."""
    require_whole(cx, value, node, rolled=False)
    found: Value = cx.state.env.get(key_of(value.number), const(0))
    return found


def move(cx: Lowerer, value: Once, place: Value) -> None:
    cx.state.env[key_of(value.number)] = place


def require_whole(cx: Lowerer, value: Once | Generator, node: ast.AST | None, rolled: bool = True) -> None:
    """An iterator may be gone through here: nobody went through it as far as only the run knows, ``rolled``: no trip did."""
    unknown = cx.state.taken.get(value.number, 0) is None
    if unknown or (rolled and any(value.number < loop for loop in cx.rolled)):
        kind = "a generator" if isinstance(value, Generator) else f"an iterator ({value.kind})"
        raise AliasError(f"{kind} that is gone through more than once, or as far as only the run knows", cx.loc(node),
                         "make a list of it: items = list(...)")


def is_empty(cx: Lowerer, value: Any) -> bool:
    """Whether nothing is left of an iterator for certain."""
    return isinstance(value, (Once, Generator)) and bool(value.number) and cx.state.taken.get(value.number) == ALL


def used_up(cx: Lowerer, values: Iterable[Any]) -> None:
    """Note that iterators were gone through to their ends, and what they are made of with them."""
    for value in values:
        if not isinstance(value, (Once, Generator)) or not value.number or cx.state.taken.get(value.number, 0) is not None:
            continue
        cx.state.taken[value.number] = ALL
        if isinstance(value, Once) and value.kind == "islice" and value.number in cx.slices:
            own, place = cx.slices.pop(value.number)
            cx.state.taken.pop(own.number, None)
            move(cx, own, place)
        elif isinstance(value, Once) and value.kind in ("enumerate", "map", "starmap"):
            used_up(cx, value.sources[-1:])


def is_left_early(node: ast.For) -> bool:
    """Whether a loop may end before its iterator does."""
    return has_break(node.body) or has_exit(node.body, True)
