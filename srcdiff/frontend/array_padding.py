"""``np.pad``: widths become one pair for each axis; modes that are no rule are written out."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from ..composed.padding import pad_with_statistics
from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Array
from . import prelude
from .array_arguments import Args, Keywords, array, array_type, is_none, rank, static, take_arguments
from .calls import operation
from .context import Lowerer
from .values import Fields, Obj, Ref, Tup, Value

__all__ = ["FUNCTIONS"]

MODES = ("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap")


def pad(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    names = "array pad_width mode constant_values end_values stat_length reflect_type"
    value, width, mode, *_ = take_arguments(names, args, kwargs, cx, node)
    kind = "constant" if mode is None else mode.value if isinstance(mode, Const) else mode
    if kind == "empty":  # what stands there is nobody's business
        kind = "constant"
    if kind not in MODES:
        cx.refuse("np.pad with a function as its mode", node, f"supported: {', '.join(map(repr, MODES))}, 'empty'")
    ref = array(cx, value, node)
    if ref is None or not array_type(cx, ref).shape:
        cx.refuse("np.pad of a number", node)
    n = rank(cx, ref)
    options = {k: v for k, v in kwargs.items() if k not in names.split()[:3]}
    if not is_none(options.get("stat_length")):
        given = pairs(cx, options["stat_length"], n, node)
        options["stat_length"] = Const(tuple(static(cx, p, node) for p in given.items), const(None).type)
    widths = pairs(cx, width, n, node)
    if kind in ("maximum", "minimum", "median"):
        lengths = options.get("stat_length", const(None))
        return prelude.call(cx, pad_with_statistics, (ref, widths, const(kind), lengths), node)
    return operation(cx, "np.pad", (ref, widths, const(kind)), options, node)


def pairs(cx: Lowerer, value: Any, n: int, node: ast.AST) -> Tup:
    """A number, a pair, or a sequence of either, as a pair for each of ``n`` axes."""
    if isinstance(value, Obj) and isinstance(contents := cx.contents(value.oid), Fields) and contents.keys is not None:
        given = {k % n: pair(cx, v, node) for k, v in zip(contents.keys, contents.items, strict=True)}
        return Tup(tuple(given.get(k, Tup((const(0), const(0)))) for k in range(n)))
    items = parts(cx, value, node)
    if items is None or (len(items) == 2 and all(parts(cx, v, node) is None for v in items)):
        return Tup((pair(cx, value, node),) * n)
    if len(items) == 1:
        return Tup((pair(cx, items[0], node),) * n)
    if len(items) != n:
        cx.refuse(f"{len(items)} pairs for an array of {n} dimensions", node)
    return Tup(tuple(pair(cx, v, node) for v in items))


def pair(cx: Lowerer, value: Any, node: ast.AST) -> Tup:
    items = parts(cx, value, node) or (value,)
    return Tup((items[0], items[-1]))


def parts(cx: Lowerer, value: Any, node: ast.AST) -> tuple[Any, ...] | None:
    """The items of a sequence, None for a number."""
    from .iteration import items_of

    is_array = isinstance(value, Ref) and isinstance(t := cx.type_of(value), Array) and bool(t.shape)
    return items_of(cx, value, node) if isinstance(value, (Tup, Obj)) or is_array else None


def surely_zero(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return const(isinstance(args[0], Const) and args[0].value == 0)


FUNCTIONS: dict[str, Callable[..., Value]] = {"np.pad": pad, "rt.surely_zero": surely_zero}
