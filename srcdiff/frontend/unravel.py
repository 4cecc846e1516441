"""Calls of what :func:`srcdiff.ravel` returns: slices of a vector, in their shapes and dtypes."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from typing import Any

from ..containers import Parts
from ..flatten import Part, Unravel
from ..ir.build import const
from ..ir.core import Const, Index, Slice
from ..ir.dims import DimLike
from ..ir.types import Array, Object
from ..values import is_plain_object
from .calls import apply
from .context import Lowerer
from .registered import made, static_value
from .values import Bound, Fields, Ref, Tup, Value

__all__ = ["call_unravel"]


def call_unravel(cx: Lowerer, obj: Unravel, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """``unravel(vector)``."""
    vector = args[0] if len(args) == 1 and not kwargs else None
    t = cx.type_of(vector) if isinstance(vector, Ref) else None
    if not isinstance(vector, Ref) or not isinstance(t, Array) or len(t.shape) != 1:
        cx.refuse("unravel of something that is not a vector", node)
    check_length(cx, vector, t.shape[0], obj.size, node)

    def part(p: Part) -> Value:
        if p.cls is not None:
            number = cx.step(vector, Index((const(p.start),)))
            return apply(cx, Const(p.cls, Object("static"), p.cls.__name__), (number,), {}, node)
        view = cx.step(vector, Index((Slice(const(p.start), const(p.stop)),)))
        shape = Tup(tuple(map(const, p.shape)))
        shaped = view if len(p.shape) == 1 else apply(cx, Bound(view, "reshape"), (shape,), {}, node)
        return apply(cx, Bound(shaped, "astype"), (Const(p.dtype, Object("static")),), {}, node)

    return nest_of(cx, obj.like, part, node)


def check_length(cx: Lowerer, vector: Ref, length: DimLike, size: int, node: ast.AST) -> None:
    """Whether the vector is as long as it has to be: known now, a fact, or asked when the program runs."""
    if length == size:
        return
    hint = length if isinstance(length, int) else length.hint
    if hint is not None and hint != size and not getattr(length, "assumed", False):
        cx.refuse(f"unravel of a vector of length {hint}; it was made for {size}", node)
    if hint == size:
        cx.facts.assume(f"{length} == {size}")
        return
    same = cx.builder.emit("np.equal", cx.builder.emit("dim", cx.read(vector), const(0), sym=length), const(size))
    cx.builder.emit_all("assert", same, const(f"a vector of length {size} is needed"))


def nest_of(cx: Lowerer, like: Any, leaf: Callable[[Part], Value], node: ast.AST) -> Value:
    """A nest of Python containers as a value."""
    if isinstance(like, Part):
        return leaf(like)
    if isinstance(like, Parts):
        children = tuple(nest_of(cx, v, leaf, node) for v in like.children)
        return made(cx, like.container.cls, static_value(cx, like.static), children, node)
    cls = type(like)
    if isinstance(like, tuple):
        return Tup(tuple(nest_of(cx, i, leaf, node) for i in like), cls if hasattr(cls, "_fields") else None)
    if cls in (list, dict):
        items = like.values() if isinstance(like, dict) else like
        keys = tuple(like) if isinstance(like, dict) else None
        return cx.new_obj(Fields(tuple(nest_of(cx, i, leaf, node) for i in items), keys))
    if dataclasses.is_dataclass(like) and not isinstance(like, type):
        names = tuple(f.name for f in dataclasses.fields(like))
        return cx.new_obj(Fields(tuple(nest_of(cx, getattr(like, n), leaf, node) for n in names), names, cls))
    if is_plain_object(like):
        return cx.new_obj(Fields(tuple(nest_of(cx, v, leaf, node) for v in vars(like).values()), tuple(vars(like)), cls))
    return cx.captured(like, "value")
