"""Attributes of arrays, scalars, containers and modules."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Transpose, Var
from ..ir.types import INT, Array, Scalar
from .context import Lowerer
from .values import Bound, Fields, Obj, Ref, Tup, Value

__all__ = ["attribute", "dimension", "shape_value"]


def attribute(cx: Lowerer, base: Value, name: str, node: ast.AST) -> Value:
    if isinstance(base, Ref) or (isinstance(base, (Var, Const)) and isinstance(base.type, Scalar)):
        found = ARRAY.get(name)
        return found(cx, base, node) if found else Bound(base, name)
    if isinstance(base, Const):
        return static_attribute(cx, base, name, node)
    if isinstance(base, Tup) and name in (fields := getattr(base.cls, "_fields", ())):
        return base.items[fields.index(name)]
    if isinstance(base, Obj):
        contents = cx.state.objs[base.oid]
        if isinstance(contents, Fields) and contents.cls is not None and contents.keys and name in contents.keys:
            return contents.items[contents.keys.index(name)]
    return Bound(base, name)


def static_attribute(cx: Lowerer, base: Const, name: str, node: ast.AST) -> Value:
    try:
        value = getattr(base.value, name)
    except AttributeError as error:
        cx.refuse(str(error), node)
    if not isinstance(base.value, ModuleType):
        if isinstance(getattr(base.value, "__dict__", None), dict) and name in base.value.__dict__:
            cx.facts.capture(base.value.__dict__, name, value)
    elif isinstance(value, float):
        return Const(value, const(value).type, f"{base.name}.{name}" if base.name in ("np", "math") else "")
    return cx.captured(value, f"{base.name}.{name}")


def shape_of(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    return shape_value(cx, base)


def shape_value(cx: Lowerer, base: Value) -> Tup:
    """The shape as a tuple of integers that shape arithmetic knows."""
    if isinstance(base, Ref):
        cx.strengthen(base)
    t = cx.type_of(base)
    if not isinstance(t, Array):
        return Tup(())
    x = cx.read(base)
    return Tup(tuple(dimension(cx, x, k, d) for k, d in enumerate(t.shape)), shape_of=x if isinstance(x, Var) else None)


def dimension(cx: Lowerer, x: Any, k: int, d: dims.DimLike) -> Value:
    return const(d) if isinstance(d, int) else cx.var("dim", x, const(k), type=INT, sym=d)


def size_of(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    if isinstance(base, Ref):
        cx.strengthen(base)
    t = cx.type_of(base)
    if not isinstance(t, Array):
        return const(1)
    return const(t.size) if isinstance(t.size, int) else cx.var("size", cx.read(base), sym=t.size)


def transposed(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    t = cx.type_of(base)
    if not isinstance(base, Ref) or not isinstance(t, Array) or len(t.shape) < 2:
        return base
    return cx.step(base, Transpose(tuple(reversed(range(len(t.shape))))))


def rank(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    t = cx.type_of(base)
    return const(len(t.shape) if isinstance(t, Array) else 0)


def dtype(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    import numpy as np

    return Const(np.dtype(cx.type_of(base).dtype), const(None).type, "")  # type: ignore[union-attr]


def real(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    import numpy as np

    if np.dtype(cx.type_of(base).dtype).kind != "c":  # type: ignore[union-attr]
        return base
    return cx.refuse("the real part of a complex value", node, "write the real arithmetic")


ARRAY: dict[str, Callable[[Lowerer, Any, ast.AST], Value]] = {
    "shape": shape_of, "size": size_of, "T": transposed, "ndim": rank, "dtype": dtype, "real": real,
}
