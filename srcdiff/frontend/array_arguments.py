"""Arguments of the functions that are questions of storage: arrays as references, axes as numbers, names in order."""

from __future__ import annotations

import ast
from typing import Any

from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Array
from .context import Lowerer
from .exprs import as_array
from .values import Obj, Ref, Tup, Value

__all__ = ["Args", "Keywords", "array", "array_type", "is_none", "need_array", "rank", "several", "static", "take_arguments",
           "text"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]


def array(cx: Lowerer, value: Value, node: ast.AST) -> Ref | None:
    """The value as an array reference; None for a scalar."""
    value = as_array(cx, value, node)
    if isinstance(value, Ref):
        cx.strengthen(value)
    return value if isinstance(value, Ref) else None


def need_array(cx: Lowerer, value: Value, node: ast.AST) -> Ref:
    ref = array(cx, value, node)
    if ref is None:
        cx.refuse(f"a {cx.describe(value)} where an array is needed", node)
    return ref


def array_type(cx: Lowerer, ref: Ref) -> Array:
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    return t


def rank(cx: Lowerer, ref: Ref) -> int:
    return len(array_type(cx, ref).shape)


def is_none(value: Any) -> bool:
    """Whether an argument is missing or None."""
    return value is None or (isinstance(value, Const) and value.value is None)


def static(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    """Axes and the like."""
    if isinstance(value, Tup):
        return tuple(static(cx, v, node) for v in value.items)
    if isinstance(value, Obj):
        from .iteration import items_of

        return tuple(static(cx, v, node) for v in items_of(cx, value, node))
    if is_none(value):
        return None
    return cx.static_int(value, node, "an axis")


def several(cx: Lowerer, value: Any, n: int, node: ast.AST) -> tuple[int, ...]:
    """One axis or several, of ``n``, none of them negative."""
    axes = static(cx, value, node)
    many = axes if isinstance(axes, tuple) else (axes,)
    for axis in many:
        if not -n <= axis < n:
            cx.refuse(f"axis {axis} does not fit an array with {n} dimension{'s' * (n != 1)}", node)
    found = tuple(axis % n for axis in many)
    if len(set(found)) < len(found):
        cx.fails(ValueError, "an axis is named twice", node)
    return found


def text(cx: Lowerer, value: Any, default: str, allowed: str, node: ast.AST, what: str) -> str:
    """An argument that is a word: one of ``allowed``."""
    found = default if is_none(value) else getattr(value, "value", None)
    if found not in allowed.split():
        cx.refuse(f"{what} that is {cx.describe(value)}", node, f"supported: {', '.join(map(repr, allowed.split()))}")
    return str(found)


def take_arguments(names: str, args: Args, kwargs: Keywords, cx: Lowerer, node: ast.AST) -> list[Any]:
    """Arguments in the order of ``names``; None where one is not given."""
    order = names.split()
    unknown = set(kwargs) - set(order)
    if unknown or len(args) > len(order):
        cx.refuse(f"the keyword {sorted(unknown)[0]!r} is not supported" if unknown else "too many arguments", node,
                  f"supported: {', '.join(order)}")
    given = dict(zip(order, args, strict=False)) | kwargs
    return [given.get(n) for n in order]


def axis_or(value: Any, default: int) -> Any:
    """An axis that may be left out."""
    return const(default) if value is None else value
