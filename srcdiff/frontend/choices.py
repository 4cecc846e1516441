"""Values that are one of two, by a condition that the run knows: a string, a function, an object.

What is done with such a value is done in either arm of a branch: ``f = np.sin if c else np.cos; f(x)`` is
``np.sin(x) if c else np.cos(x)``, and ``best.x = 0`` writes to one of two objects. A method that two objects of one class
share is lowered once, with a ``self`` that is one of two.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Var
from . import prelude
from .context import Lowerer
from .control import branch, select
from .values import Bound, DynList, Either, Fields, Maybe, Obj, Unset, Value, definite

__all__ = ["alternatives", "chosen_argument", "do_either", "for_either", "for_maybe", "one_of", "settled", "sure",
           "view_of_one"]


def for_either(cx: Lowerer, value: Value, do: Callable[[Any], Value]) -> Value:
    """``do(value)``, or ``do`` of what it is in either case."""
    if not isinstance(value, Either):
        return do(value)
    if value.cond in cx.known:
        return for_either(cx, value.then if cx.known[value.cond] else value.orelse, do)
    return select(cx, value.cond, lambda: for_either(cx, value.then, do), lambda: for_either(cx, value.orelse, do), "ifexp")


def for_maybe(cx: Lowerer, value: Maybe, do: Callable[[Any], Value]) -> Value:
    """``do(value)`` of a value that may be None: of None where it is, as what asks which it is must."""
    if isinstance(value, Unset):
        return do(value.value)
    return select(cx, value.none, lambda: do(const(None)), lambda: do(value.value), "ifexp")


def do_either(cx: Lowerer, value: Value, do: Callable[[Any], object]) -> None:
    """``do`` something, for its effect, with what a value is in either case."""
    def done(chosen: Value) -> Value:
        do(chosen)
        return const(None)

    for_either(cx, value, done)


def sure(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    """A value that is used as an object is: where it is None, or not assigned, the error that Python raises."""
    from .exceptions import raise_in_place

    if not isinstance(value, Maybe) or not (isinstance(value, Unset) or isinstance(value.value, (Obj, Either))):
        return definite(value)
    known = cx.known.get(value.none) if isinstance(value.none, Var) else value.none.value
    kind: type[Exception] = UnboundLocalError if isinstance(value, Unset) else AttributeError
    message = "this is not assigned here" if isinstance(value, Unset) else "this is None here"
    if known:
        cx.fails(kind, message, node)
    if known is None:
        branch(cx, value.none, lambda: raise_in_place(cx, kind, message), lambda: None, cx.frames[-1].live)
    return value.value


def alternatives(value: Value) -> list[Value]:
    """All that a value may be."""
    if isinstance(value, Either):
        return [*alternatives(value.then), *alternatives(value.orelse)]
    return [value]


def settled(cx: Lowerer, value: Value, node: ast.AST | None) -> Value:
    """A new list, dict or object with the items of one of several, for what only reads it; refused if they differ in form."""
    if not isinstance(value, Either):
        return value
    contents = [cx.contents(v.oid) if isinstance(v, Obj) else None for v in alternatives(value)]
    first = contents[0]
    if all(isinstance(c, DynList) or (isinstance(c, Fields) and c.keys is None and c.cls is None) for c in contents) and \
            {len(c.items) if isinstance(c, Fields) else None for c in contents} != {len(getattr(first, "items", ()))}:
        return for_either(cx, value, lambda chosen: prelude.call(cx, python_library.list_of, (chosen,), node or ast.Pass()))
    forms = {(c.keys, c.cls, len(c.items)) if isinstance(c, Fields) else None for c in contents}
    if not isinstance(first, Fields) or len(forms) != 1:
        cx.refuse(f"this use of a {cx.describe(value)}", node, "do it in either case, in the branches of an if")

    def item(k: int) -> Value:
        return settled(cx, for_either(cx, value, lambda chosen: cx.contents(chosen.oid).items[k]), node)  # type: ignore[union-attr]

    return cx.new_obj(Fields(tuple(map(item, range(len(first.items)))), first.keys, first.cls))


VIEWS = frozenset({"items", "keys", "values"})


def view_of_one(cx: Lowerer, value: Either, node: ast.AST) -> Value:
    """A method that gives a view of one of several dicts, as that of a dict with the items of the one it is."""
    methods = alternatives(value)
    if not all(isinstance(m, Bound) and m.name in VIEWS and is_dict(cx, m.receiver) for m in methods):
        return value

    def receiver(chosen: Value) -> Value:
        return Either(chosen.cond, receiver(chosen.then), receiver(chosen.orelse)) if isinstance(chosen, Either) else \
            chosen.receiver  # type: ignore[union-attr]

    return Bound(settled(cx, receiver(value), node), methods[0].name)  # type: ignore[union-attr]


def is_dict(cx: Lowerer, value: Value) -> bool:
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    return isinstance(contents, Fields) and contents.keys is not None and not isinstance(contents.cls, type)


def one_of(cx: Lowerer, items: tuple[Value, ...], place: Var, node: ast.AST) -> Value:
    """The item at a place that only the run knows; a wrong one is an ``IndexError`` there."""
    at = cx.var("getitem", cx.var("list", tuple(map(const, range(len(items))))), place)

    def rest(k: int) -> Value:
        if k == len(items) - 1:
            return items[k]
        return select(cx, cx.var("np.equal", at, const(k)), lambda: items[k], lambda: rest(k + 1), "ifexp")

    return rest(0)


def chosen_argument(cx: Lowerer, args: tuple[Any, ...], do: Callable[[tuple[Any, ...]], Value]) -> Value | None:
    """A call with an argument that is one of two: one call for each; None if no argument is."""
    for k, arg in enumerate(args):
        if isinstance(arg, Either):
            return for_either(cx, arg, lambda v, k=k: do((*args[:k], v, *args[k + 1:])))  # type: ignore[misc]
    return None
