"""NumPy's iterators over the places and elements of an array."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir.build import const
from ..ir.core import Index
from ..ir.types import Array
from .attributes import shape_value
from .context import Lowerer
from .exprs import as_array
from .iteration import items_of
from .iterators import (
    Args,
    Keywords,
    lazily,
    times,
    unravelled,
)
from .layouts import contiguous
from .values import Iter, Obj, Ref, Tup, Value

__all__ = ["NUMPY"]


def ndindex(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    whole = args[0] if len(args) == 1 and isinstance(args[0], (Tup, Obj)) else Tup(args)
    counts = list(items_of(cx, whole, node))
    if not counts:
        return Iter(const(1), lambda i: Tup(()), 1, direct=True)
    total = functools.reduce(lambda a, b: times(cx, a, b), counts)
    return Iter(total, lambda i: Tup(tuple(unravelled(cx, i, counts, node))), direct=True)


def ndenumerate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    value = as_array(cx, args[0], node)
    places = ndindex(cx, (shape_value(cx, value),), {}, node)

    def get(i: Value) -> Value:
        index = places.get(i)
        return Tup((index, element(cx, value, index)))
    return Iter(places.count, get, places.known, sources=(value,), direct=True)


def element(cx: Lowerer, value: Value, index: Any) -> Value:
    if not isinstance(value, Ref) or not index.items:
        return cx.emit("item", cx.read(value)) if isinstance(value, Ref) else value
    return cx.step(value, Index(tuple(cx.read(k) for k in index.items)))


def nditer(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Iter:
    """One array, read: its elements in the order of the memory."""
    if len(args) != 1 or kwargs or not isinstance(args[0], Ref):
        cx.refuse("np.nditer of several arrays, or with flags", node, "use zip, np.ndenumerate or np.ndindex")
    value = args[0]
    t = cx.type_of(value)
    if not isinstance(t, Array) or not t.shape or not contiguous(cx, value):
        cx.refuse("np.nditer of an array that is not C-contiguous", node, "iterate over np.ravel(x), or a copy")
    places = ndindex(cx, (shape_value(cx, value),), {}, node)
    return Iter(places.count, lambda i: element(cx, value, places.get(i)), places.known, sources=(value,), direct=True)


NUMPY: dict[Any, Callable[..., Value]] = {
    np.ndindex: lazily("ndindex", ndindex), np.ndenumerate: lazily("ndenumerate", ndenumerate),
    np.nditer: lazily("nditer", nditer),
}
