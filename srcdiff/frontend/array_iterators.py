"""NumPy's iterators over the places and elements of an array."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir.build import const
from ..ir.core import Index
from ..ir.dims import agree
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
from .static_values import python_value
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
    """The elements of one array, or of several at once, in the order of the memory: arrays without axes, views to write to."""
    given = dict(zip(("op", "flags", "op_flags"), args, strict=False)) | kwargs
    flags = python_value(cx, given.pop("flags", const(None)), node, "flags") or ()
    op = given.pop("op")
    python_value(cx, given.pop("op_flags", const(None)), node, "op_flags")
    if given or not {"multi_index", "refs_ok", "zerosize_ok"}.issuperset(flags):
        cx.refuse("np.nditer with options", node, "use zip, np.ndenumerate or np.ndindex")
    given_arrays = (op,) if isinstance(op, Ref) else items_of(cx, op, node)
    arrays = [a for a in given_arrays if isinstance(a, Ref)]
    shapes = [t.shape for t in map(cx.type_of, arrays) if isinstance(t, Array)]
    if not arrays or len(shapes) < len(given_arrays):
        cx.refuse("np.nditer of what is not an array", node, "use zip, np.ndenumerate or np.ndindex")
    if not all(len(s) == len(shapes[0]) and all(map(lambda d, e: agree(d, e, cx.facts), s, shapes[0])) for s in shapes):
        cx.refuse("np.nditer of arrays of different shapes", node, "use np.broadcast_arrays first")
    if not shapes[0] or not all(contiguous(cx, a) for a in arrays):
        cx.refuse("np.nditer of an array that is not C-contiguous", node, "iterate over np.ravel(x), or a copy")
    places = ndindex(cx, (shape_value(cx, arrays[0]),), {}, node)

    def get(i: Value) -> Value:
        index = Index((*(cx.read(k) for k in places.get(i).items), Ellipsis))
        views = tuple(cx.step(a, index) for a in arrays)
        return views[0] if isinstance(op, Ref) else Tup(views)
    return Iter(places.count, get, places.known, sources=tuple(arrays), direct=True)


NUMPY: dict[Any, Callable[..., Value]] = {
    np.ndindex: lazily("ndindex", ndindex), np.ndenumerate: lazily("ndenumerate", ndenumerate),
    np.nditer: lazily("nditer", nditer),
}
