"""Attributes of arrays, scalars, containers and modules."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Transpose, Var
from ..ir.types import INT, Array, Object, Scalar
from . import objects
from .choices import for_either
from .context import Lowerer
from .outside import look_into
from .values import Bound, Either, Ref, Super, Tup, Value

__all__ = ["attribute", "dimension", "shape_value"]


def attribute(cx: Lowerer, base: Value, name: str, node: ast.AST) -> Value:
    if isinstance(base, Either):
        return for_either(cx, base, lambda chosen: attribute(cx, chosen, name, node))
    if isinstance(base, Ref) or (isinstance(base, (Var, Const)) and isinstance(base.type, Scalar)):
        handler = ARRAY.get(name)
        if handler is None and (kind := python_class(cx, base)) is not None:
            if not hasattr(kind, name):
                cx.fails(AttributeError, f"a {kind.__name__} has no attribute {name!r}", node)
            if not callable(getattr(kind, name)):
                cx.refuse(f"the attribute {name} of a {cx.describe(base)} is not supported", node,
                          f"supported: {', '.join(sorted(ARRAY))}, and methods")
        return handler(cx, base, node) if handler else Bound(base, name)
    if isinstance(base, Const):
        return static_attribute(cx, base, name, node)
    if isinstance(base, Var) and base.type == Object("exception"):
        cx.refuse(f"the {name} of an exception, known only at run time", node, "it can be printed: print(error)")
    cls = objects.class_of(cx, base)
    if cls is None and not isinstance(base, Super):
        return Bound(base, name)
    found = objects.get(cx, base, name, node)
    if found is None and isinstance(base, Tup):
        return Bound(base, name)
    if found is None:
        cx.fails(AttributeError, f"{cx.describe(base)} has no attribute {name!r} here", node, "set it in __init__")
    return found


def python_class(cx: Lowerer, base: Value) -> type | None:
    """The class of an array or a number; None if it is not certain."""
    t = cx.type_of(base)
    if isinstance(t, Array):
        return None if t.weak else np.ndarray
    assert isinstance(t, Scalar)
    return type(np.dtype(t.dtype).type(0).item()) if t.py else np.dtype(t.dtype).type


def static_attribute(cx: Lowerer, base: Const, name: str, node: ast.AST) -> Value:
    if (cls := objects.class_of(cx, base)) is not None:
        objects.check_plain_reads(cx, cls, node)
    if cls is not None and name not in getattr(base.value, "__dict__", ()):
        objects.watch(cx, base.value, name)
        found = objects.found_in_class(cx, base, type(base.value), name, node)
        if found is not None:
            if hasattr(base.value, "__dict__"):
                cx.facts.capture(base.value.__dict__, name, None)  # an attribute of its own would come first
            return found
    try:
        value = getattr(base.value, name)
    except AttributeError as error:
        objects.watch(cx, base.value, name)
        cx.fails(AttributeError, str(error), node)
    if not isinstance(base.value, ModuleType):
        if isinstance(getattr(base.value, "__dict__", None), dict) and name in base.value.__dict__:
            look_into(cx, base.value, name)
            cx.facts.capture(base.value.__dict__, name, value)
    elif name in vars(base.value) and not isinstance(value, ModuleType):
        cx.facts.capture(vars(base.value), name, value)
    if isinstance(base.value, ModuleType) and isinstance(value, float):
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


def matrix_transposed(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    t = cx.type_of(base)
    if not isinstance(base, Ref) or not isinstance(t, Array) or len(t.shape) < 2:
        cx.refuse("the matrix transpose of something with fewer than 2 dimensions", node)
    n = len(t.shape)
    return cx.step(base, Transpose((*range(n - 2), n - 1, n - 2)))


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
    return part(cx, "np.real", base)


def imag(cx: Lowerer, base: Value, node: ast.AST) -> Value:
    import numpy as np

    if np.dtype(cx.type_of(base).dtype).kind != "c":  # type: ignore[union-attr]
        name = "np.zeros_like" if isinstance(base, Ref) else "np.imag"
        return cx.emit(name, *cx.bind(name, (base,), {}, node))
    return part(cx, "np.imag", base)


def part(cx: Lowerer, name: str, base: Value) -> Value:
    """In NumPy a view of the same memory, which no path can express: neither may be written while the other is alive."""
    found = cx.emit(name, cx.read(base))
    if isinstance(found, Ref) and isinstance(base, Ref):
        cx.link(found.sid, base.sid)
    return found


ARRAY: dict[str, Callable[[Lowerer, Any, ast.AST], Value]] = {
    "shape": shape_of, "size": size_of, "T": transposed, "mT": matrix_transposed, "ndim": rank, "dtype": dtype, "real": real,
    "imag": imag,
}
