"""NumPy's objects that are indexed to make arrays or indices: ``np.r_``, ``np.c_``, ``np.mgrid``, ``np.ogrid``, ``np.s_``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..composed.shapes import spread
from ..ir.build import const
from ..ir.core import Const, Slice
from ..ir.types import Array, Scalar
from . import prelude
from .array_arguments import array, rank
from .array_views import expand_dims
from .calls import operation
from .context import Lowerer
from .exprs import as_array
from .values import Tup, Value

__all__ = ["OBJECTS", "made_by"]


def made_by(cx: Lowerer, obj: object, index: Any, node: ast.AST) -> Any:
    """What ``obj[index]`` makes, or None if ``obj`` is none of these objects."""
    handler = next((make for known, make in OBJECTS if known is obj), None)
    return None if handler is None else handler(cx, index, node)


def items_in(index: Any) -> tuple[Any, ...]:
    return index.items if isinstance(index, Tup) else (index,)


def rows(cx: Lowerer, index: Any, node: ast.AST) -> Value:
    return joined(cx, [one(cx, item, node) for item in items_in(index)], 0, node)


def columns(cx: Lowerer, index: Any, node: ast.AST) -> Value:
    parts = []
    for item in items_in(index):
        part = one(cx, item, node)
        ref = array(cx, part, node)
        n = 0 if ref is None else rank(cx, ref)
        parts.append(expand_dims(cx, (part, const(1)), {}, node) if n == 1 else part)
    return joined(cx, parts, -1, node)


def one(cx: Lowerer, item: Any, node: ast.AST) -> Value:
    if isinstance(item, Slice):
        return span(cx, item, node)
    if isinstance(item, Const) and isinstance(item.value, str):
        cx.refuse("a string in np.r_ or np.c_", node, "np.concatenate or np.stack")
    return as_array(cx, item, node)


def span(cx: Lowerer, item: Slice, node: ast.AST) -> Value:
    """``start:stop:step`` as numbers; an imaginary step counts them."""
    start, stop, step = (None if p is None or (isinstance(p, Const) and p.value is None) else p
                         for p in (item.start, item.stop, item.step))
    if stop is None:
        cx.refuse("a range without an end", node)
    if isinstance(step, Const) and isinstance(step.value, complex):
        return operation(cx, "np.linspace", (start or const(0), stop, const(int(abs(step.value)))), {}, node)
    return operation(cx, "np.arange", (start or const(0), stop, step or const(1)), {}, node)


def joined(cx: Lowerer, parts: list[Value], axis: int, node: ast.AST) -> Value:
    """The parts one after the other, in their common dtype: Python numbers do not widen it."""
    types = [cx.type_of(p) for p in parts]
    assert all(isinstance(t, (Scalar, Array)) for t in types)
    weak = [np.dtype(t.dtype).type(1).item() if isinstance(t, Scalar) and t.py else np.dtype(t.dtype)  # type: ignore[union-attr]
            for t in types]
    dtype = str(np.result_type(*weak))
    most = max([1 if axis == 0 else 2, *(len(t.shape) for t in types if isinstance(t, Array))])
    made = []
    for part, t in zip(parts, types, strict=True):
        if isinstance(t, Scalar):
            whole = operation(cx, "np.array", (part,), {} if t.dtype == dtype else {"dtype": const(dtype)}, node)
            made.append(operation(cx, "np.reshape", (whole, Tup((const(1),) * most)), {}, node))
        else:
            made.append(part)
    return made[0] if len(made) == 1 else operation(cx, "np.concatenate", (Tup(tuple(made)), const(axis)), {}, node)


def grid(sparse: bool) -> Callable[..., Value]:
    """``np.mgrid`` and ``np.ogrid``."""
    def handler(cx: Lowerer, index: Any, node: ast.AST) -> Value:
        lines = tuple(span(cx, item, node) for item in items_in(index))
        if not isinstance(index, Tup):
            return lines[0]
        return prelude.call(cx, spread, (Tup(lines), const(sparse)), node)
    return handler


def as_index(cx: Lowerer, index: Any, node: ast.AST) -> Any:
    return index


def as_tuple(cx: Lowerer, index: Any, node: ast.AST) -> Any:
    return Tup(items_in(index))


OBJECTS: list[tuple[object, Callable[..., Any]]] = [
    (np.r_, rows), (np.c_, columns), (np.mgrid, grid(False)), (np.ogrid, grid(True)), (np.s_, as_index),
    (np.index_exp, as_tuple),
]
