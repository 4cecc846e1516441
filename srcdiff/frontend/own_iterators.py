"""Instances that say themselves how they are gone through: by ``__iter__``, ``__next__``, or ``__getitem__`` alone.

A method that ends the loop by an exception is lowered to give a pair: whether it raised it, and its result. So
``__next__`` makes a generator ``while True``, which stops where that is true.
"""

from __future__ import annotations

import ast
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const
from . import objects, prelude
from .context import Lowerer, WouldRaise
from .operators import call_special
from .source import function_source
from .tentative import quiet
from .values import Closure, Iter, Maybe, Partial, Tup, Value

__all__ = ["BUILTINS", "in_turns", "next_or", "steps_of"]


def in_turns(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    """What goes through an instance: a generator, where one item is made at a time; any other value as it is."""
    cls = objects.class_of(cx, value)
    if cls is None or isinstance(value, Tup):
        return value
    made = call_special(cx, value, "iter", (), node)
    if made is not None and made != value:
        return in_turns(cx, made, node)
    if objects.special(cx, value, "__next__") is not None:
        return steps_of(cx, value, node)
    if made is None and (method := objects.special(cx, value, "__getitem__")) is not None:
        return by_index(cx, value, method, node)
    return value


def steps_of(cx: Lowerer, value: Value, node: ast.AST) -> Value:
    """The items of an iterator by its own ``__next__``, as a generator."""
    return prelude.call(cx, python_library.own_items, (Partial(Const(next_step, const(None).type, "next"), (value,)),), node)


def by_index(cx: Lowerer, value: Value, method: Value, node: ast.AST) -> Value:
    """The items of an instance that has ``__getitem__`` and no ``__iter__``: up to the first ``IndexError``."""
    length = call_special(cx, value, "len", (), node)
    if length is not None and ends_at(cx, method, length, node):
        known = length.value if isinstance(length, Const) else None
        return Iter(length, lambda i: item(cx, method, i, node), known, sources=(value,))
    step = Partial(Const(item_step, const(None).type, "item"), (value,))
    return prelude.call(cx, python_library.indexed_items, (step,), node)


def item(cx: Lowerer, method: Value, place: Value, node: ast.AST) -> Value:
    from .calls import apply

    return apply(cx, method, (place,), {}, node)


def ends_at(cx: Lowerer, method: Value, length: Value, node: ast.AST) -> bool:
    """Whether it is certain that the item at ``length`` is an ``IndexError``."""
    with quiet(cx):
        try:
            item(cx, method, length, node)
        except WouldRaise as error:
            return issubclass(error.kind, IndexError)
        except Exception:  # what cannot be lowered is met again where it counts
            return False
    return False


def step(cx: Lowerer, name: str, ends: type[BaseException], args: tuple[Any, ...], node: ast.AST) -> Value:
    """``(ended, item)`` of a call of a method that ends a loop by an exception."""
    from .calls import apply

    method = objects.special(cx, args[0], name)
    assert method is not None
    cx.ends = ends
    pair = apply(cx, method, args[1:], {}, node)
    if not isinstance(pair, Tup) or len(pair.items) != 2:  # every path raises something else
        return Tup((const(True), const(None)))
    ended, found = pair.items
    if isinstance(ended, Const) and not ended.value and not raises(method, ends):
        cx.refuse(f"{cx.describe(args[0])} has no end that can be seen here: {name} does not raise {ends.__name__}", node,
                  f"raise {ends.__name__} in {name} itself, or make __iter__ a generator (yield)")
    if isinstance(found, Maybe) and found.none is ended:
        found = found.value
    return Tup((ended, found))


def raises(method: Value, kind: type[BaseException]) -> bool:
    """Whether the method itself has a ``raise`` of this exception, or asks an iterator for its next item."""
    fun = method.fun if isinstance(method, Partial) else method
    if isinstance(fun, Const):
        body: ast.AST = function_source(fun.value).node
    else:
        assert isinstance(fun, Closure)
        body = fun.node
    asks = kind is StopIteration and any(isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "next"
                                         for n in ast.walk(body))
    return asks or any(isinstance(n, ast.Raise) and kind.__name__ in ast.unparse(n) for n in ast.walk(body))


def next_step(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return step(cx, "__next__", StopIteration, args, node)


def item_step(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    return step(cx, "__getitem__", IndexError, args, node)


def next_or(cx: Lowerer, value: Value, default: Value, node: ast.AST) -> Value:
    """``next(value, default)`` of an iterator by its own ``__next__``."""
    from .control import select
    from .exprs import truth

    pair = next_step(cx, (value,), {}, node)
    assert isinstance(pair, Tup)
    ended, found = pair.items
    return select(cx, truth(cx, ended, node), lambda: default, lambda: found, "ifexp")


BUILTINS: dict[Any, Any] = {next_step: next_step, item_step: item_step}
