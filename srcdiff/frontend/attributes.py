"""Attributes of arrays, scalars, containers and modules."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Slice, Transpose, Var
from ..ir.dims import Attribute
from ..ir.types import INT, Array, Object, Scalar
from ..unchanging import as_it_was, unchanging
from . import objects
from .choices import alternatives, for_either
from .context import Lowerer
from .local_classes import Member, bound
from .outside import look_into
from .values import Bound, Either, Once, Partial, Ref, Super, Tup, Value

__all__ = ["attribute", "dimension", "shape_value", "watch_attribute"]


METHODS = (FunctionType, property, classmethod, staticmethod)


def attribute(cx: Lowerer, base: Value, name: str, node: ast.AST) -> Value:
    if isinstance(base, Either):
        if name == "__dict__":
            return Bound(base, name)
        if (shared := objects.shared_method(cx, alternatives(base), name)) is not None:
            return objects.found_in_class(cx, base, shared, name, node)  # type: ignore[return-value]
        return for_either(cx, base, lambda chosen: attribute(cx, chosen, name, node))
    if isinstance(base, Partial):
        from . import frozen

        if frozen.is_frozen(base):
            return frozen.method(cx, base, name, node)
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
    if isinstance(base, Slice):
        if name not in ("start", "stop", "step"):
            cx.refuse(f"the attribute {name} of a slice is not supported", node, "supported: start, stop, step")
        bound = getattr(base, name)
        return const(None) if bound is None else bound
    if isinstance(base, Once) and base.kind == "nditer" and hasattr(np.nditer, name):
        cx.refuse(f"the attribute {name} of an nditer is not supported", node, "loop over it, or over np.ndenumerate(x)")
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
    if name != "__class__" and not isinstance(base.value, ModuleType):
        objects.watch(cx, base.value, name)
    if isinstance(base.value, enum.Enum) and isinstance(objects.find(cx, type(base.value), name), METHODS):
        found = objects.found_in_class(cx, base, type(base.value), name, node)
        assert found is not None
        return found
    own = name in getattr(base.value, "__dict__", ())
    if cls is not None and (not own or objects.comes_first(objects.find(cx, cls, name))):
        found = objects.found_in_class(cx, base, type(base.value), name, node)
        if found is not None:
            return found
    ours = cx.frames[-1].library and isinstance(base.value, ModuleType)
    try:
        value = getattr(as_it_was(base.value) if ours else base.value, name)
    except AttributeError as error:
        objects.watch(cx, base.value, name)
        cx.fails(AttributeError, str(error), node)
    if isinstance(value, Member):
        return bound(cx, value, None, base.value, node)
    watch_attribute(cx, base.value, name, value)
    if isinstance(base.value, ModuleType) and isinstance(value, float):
        return Const(value, const(value).type, f"{base.name}.{name}" if base.name in ("np", "math") else "")
    return cx.captured(value, f"{base.name}.{name}")


def watch_attribute(cx: Lowerer, obj: Any, name: str, value: Any) -> None:
    """Note what an object outside of the function, or a module, has under a name."""
    own = getattr(obj, "__dict__", None)
    if cx.frames[-1].library or isinstance(obj, type):
        return
    if isinstance(own, dict) and name in own and not unchanging(own):
        if not isinstance(obj, ModuleType):
            look_into(cx, obj, name)
        cx.facts.capture(own, name, value)
    elif isinstance(obj, (ModuleType, FunctionType)) or (not unchanging(type(obj)) and getattr(obj, name) is value):
        cx.facts.capture(obj, Attribute(name), value)


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


def flat(cx: Lowerer, base: Any, node: ast.AST) -> Value:
    """The elements in C order, copied: slices of NumPy's iterator are copies, and what is written is not to be lost."""
    from .array_shapes import ravel

    if not isinstance(base, Ref):
        cx.refuse("the attribute flat of a number", node, "use the number itself")
    made = ravel(cx, (base,), {}, node)
    assert isinstance(made, Ref)
    copied = cx.emit("np.copy", cx.read(made))
    assert isinstance(copied, Ref)
    cx.link(copied.sid, base.sid)
    return copied


ARRAY: dict[str, Callable[[Lowerer, Any, ast.AST], Value]] = {
    "shape": shape_of, "size": size_of, "T": transposed, "mT": matrix_transposed, "ndim": rank, "dtype": dtype, "real": real,
    "imag": imag, "flat": flat,
}
