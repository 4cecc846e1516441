"""Calls of functions in C that have no rule, where nothing that could carry a derivative goes in.

What such a call returns is known in kind from one call when the function is compiled; the generated code calls it in its
place, once, and what it returns there is checked to be of the same kind and shape.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import BuiltinFunctionType, ModuleType
from typing import Any

import numpy as np

from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import Const, Op
from ..ir.types import Array, Object, Scalar, Type
from .context import Lowerer
from .draws import called
from .static_values import is_static, python_value
from .values import Ref, Value

__all__ = ["Checked", "call_unfollowed"]

DISPATCHED = type(np.polyfit)  # of NumPy's functions that are written in Python
WRITERS = ("save", "put", "copyto", "place", "fill", "shuffle")
ACTING = frozenset({"posix", "nt", "_thread", "_io", "_signal", "_socket", "gc", "sys", "_winapi", "faulthandler"})


class Checked:
    """``fun``, whose result must be of the type, dtype and shape that it had when it was compiled."""

    def __init__(self, fun: Callable[..., Any], kind: tuple[type, Any, tuple[int, ...]]) -> None:
        self.fun = fun
        self.kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.fun(*args, **kwargs)
        if _kind(result) != self.kind:
            name = getattr(self.fun, "__name__", "a function")
            raise UnsupportedError(f"{name} returned {result!r}, and something of another type or shape when this was compiled",
                                   advice="call it outside of the function and pass the result")
        return result


def _kind(value: Any) -> tuple[type, Any, tuple[int, ...]]:
    return type(value), getattr(value, "dtype", None), getattr(value, "shape", ())


def call_unfollowed(cx: Lowerer, fun: Const, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value | None:
    """The call; None if it cannot be made so."""
    obj = fun.value
    module = obj.__self__ if isinstance(obj, BuiltinFunctionType) else None
    plain = isinstance(module, ModuleType) and module.__name__ not in ACTING
    if not plain and not isinstance(obj, (np.ufunc, DISPATCHED)):
        return None
    if "out" in kwargs or obj.__name__.startswith(WRITERS):
        return None
    if not all(is_known(cx, v) for v in (*args, *kwargs.values())):
        return None
    try:
        result = obj(*(known(cx, a, node) for a in args), **{k: known(cx, v, node) for k, v in kwargs.items()})
    except Exception as error:  # whatever Python raises here, it raises in the function
        return cx.fails(type(error), f"this raises {type(error).__name__}: {error}", node, args=tuple(map(const, error.args)))
    t = type_of_result(result)
    if t is None:
        return None
    checked = Checked(obj, _kind(result))
    return called(cx, Const(checked, Object("static"), cx.label(checked, fun.name)), "", args, kwargs, t)


def type_of_result(value: Any) -> Type | None:
    if isinstance(value, np.generic):
        return Scalar(str(value.dtype)) if value.dtype.kind in "biufc" else None
    if type(value) in (bool, int, float, complex):
        found: Type = const(value).type
        return found
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return Array(str(value.dtype), value.shape, "A")
    return None


def is_known(cx: Lowerer, value: Any) -> bool:
    """Whether a value is known now: it is static, or an array from outside."""
    return captured_array(cx, value) is not None if isinstance(value, Ref) else is_static(cx, value)


def known(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    array = captured_array(cx, value) if isinstance(value, Ref) else None
    return python_value(cx, value, node) if array is None else array.copy()


def captured_array(cx: Lowerer, ref: Ref) -> np.ndarray | None:
    """The array from outside that a reference is, all of it."""
    if ref.sid not in cx.foreign or ref.path.steps:
        return None
    var = cx.state.store[ref.sid]
    for stmt in cx.builder.stmts:
        if isinstance(stmt, Op) and stmt.name == "captured" and stmt.outs == (var,):
            return stmt.args[0].value
    return None

