"""Reshaping: a view where the memory allows it, else a copy; in either order. Copies in a given order."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Reshape
from ..ir.structural import sym_of
from ..ir.types import Array
from .array_arguments import Args, Keywords, array, array_type, is_none, rank, take_arguments, text
from .array_views import reversed_axes
from .attributes import attribute
from .calls import operation
from .context import Lowerer
from .exprs import arithmetic, as_array
from .layouts import ask_layout, contiguous
from .values import Obj, Ref, Tup, Value

__all__ = ["FUNCTIONS", "METHODS", "ORDERS", "copy_method", "flat_view", "in_fortran_order", "ravel", "reshape"]

ORDERS = "C F A K"


def reshape(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A view where the memory allows it, else a copy; where that is not known, neither may be written while the other lives."""
    if "newshape" in kwargs:
        kwargs = {("shape" if k == "newshape" else k): v for k, v in kwargs.items()}
    if len(args) > 2 and not isinstance(getattr(args[2], "value", None), str):
        args = (args[0], Tup(args[1:]))
    value, shape, order, copy = take_arguments("a shape order copy", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return operation(cx, "np.reshape", (value, shape), {}, node)
    if not is_none(copy):
        cx.refuse("reshape with copy=", node, "leave it out; copy with x.copy()")
    if in_fortran_order(cx, ref, text(cx, order, "C", "C F A", node, "an order"), node):
        sizes = tuple(reversed(new_shape(cx, ref, shape, node)))
        made = reshape_to(cx, reversed_axes(cx, ref), sizes, node)
        return reversed_axes(cx, made) if isinstance(made, Ref) else made
    return reshape_to(cx, ref, new_shape(cx, ref, shape, node), node)


def in_fortran_order(cx: Lowerer, ref: Ref, order: str, node: ast.AST) -> bool:
    """Whether elements are taken in Fortran order: "A" and "K" ask how they lie in memory."""
    if order in ("C", "F") or rank(cx, ref) < 2:
        return order == "F"
    in_c_order = contiguous(cx, ref)
    if in_c_order:
        return False
    layout = ask_layout(cx, array_type(cx, ref).layout)
    if order == "K" and layout != "F":
        cx.refuse("order='K' of an array that is neither C- nor Fortran-contiguous for certain", node, "say order='C'")
    if order == "A" and in_c_order is None and layout != "F":
        cx.refuse("order='A' of an array whose memory order is not known", node, "say order='C'")
    return layout == "F"


def reshape_to(cx: Lowerer, ref: Ref, sizes: tuple[Any, ...], node: ast.AST) -> Value:
    if tuple(sym_of(s) for s in sizes) == array_type(cx, ref).shape:
        return ref
    if rank(cx, ref) == 1 or contiguous(cx, ref):  # one axis in equal steps can always be split without a copy
        return cx.step(ref, Reshape(sizes))
    new = cx.emit("np.reshape", cx.read(ref), sizes)
    if not isinstance(new, Ref):
        cx.refuse("reshape to a scalar", node)
    if not certainly_copies(cx, ref, sizes):
        cx.link(new.sid, ref.sid)
    return new


def certainly_copies(cx: Lowerer, ref: Ref, sizes: tuple[Any, ...]) -> bool:
    """Whether NumPy has to copy to reshape a Fortran-ordered array: asked of NumPy for these sizes, which become facts."""
    t = array_type(cx, ref)
    if ask_layout(cx, t.layout) != "F":
        return False
    old, new = list(t.shape), [sym_of(s) for s in sizes]
    hints = [None if d is None or isinstance(d, tuple) else dims.hint_of(d) for d in (*old, *new)]
    if None in hints:
        return False
    for d, hint in zip((*old, *new), hints, strict=True):
        if isinstance(d, dims.Dim):
            cx.facts.assume(f"{d} == {hint}")
    sizes_here = [int(h) for h in hints if h is not None]
    sample = np.empty(sizes_here[:len(old)], order="F")
    return not np.may_share_memory(sample, sample.reshape(sizes_here[len(old):]))


def new_shape(cx: Lowerer, ref: Ref, shape: Value, node: ast.AST) -> tuple[Any, ...]:
    """The new shape as atoms, with -1 worked out."""
    from .iteration import items_of

    entries = items_of(cx, shape, node) if isinstance(shape, (Tup, Obj)) else (shape,)
    t = array_type(cx, ref)
    for k, entry in enumerate(entries):
        if isinstance(entry, Const) and entry.value == -1:
            rest = entries[:k] + entries[k + 1:]
            known = [cx.read(e) for e in rest]
            return (*known[:k], left_over(cx, ref, t, rest, node), *known[k:])
    return tuple(cx.read(e) for e in entries)


def left_over(cx: Lowerer, ref: Ref, t: Array, rest: tuple[Any, ...], node: ast.AST) -> Any:
    """The dimension that -1 stands for."""
    for k, d in enumerate(t.shape):
        if dims.product(t.shape[:k] + t.shape[k + 1:]) == dims.product(tuple(s for e in rest if (s := sym_of(e)) is not None)) \
                and all(sym_of(e) is not None for e in rest):
            return const(d) if isinstance(d, int) else cx.var("dim", cx.read(ref), const(k), sym=d)
    size = attribute(cx, ref, "size", node)
    for e in rest:
        size = arithmetic(cx, "np.floor_divide", size, e, node)
    return cx.read(size)


def ravel(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, order = take_arguments("a order", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is not None and in_fortran_order(cx, ref, text(cx, order, "C", ORDERS, node, "an order"), node):
        ref = reversed_axes(cx, ref)
    if ref is not None and rank(cx, ref) == 1:
        if contiguous(cx, ref):
            return ref
        new = cx.emit("np.copy", cx.read(ref))
        if contiguous(cx, ref) is None and isinstance(new, Ref):
            cx.link(new.sid, ref.sid)
        return new
    return reshape(cx, (value if ref is None else ref, const(-1)), {}, node)


def flat_view(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``x.reshape(-1)`` where it is certainly a view, to be written through; else an error."""
    ref = array(cx, args[0], node)
    if ref is None or not (rank(cx, ref) == 1 or contiguous(cx, ref)):
        cx.refuse("writing at flat positions of an array that is not C-contiguous for certain", node, "index it: x[i, j] = v")
    return reshape(cx, (ref, const(-1)), {}, node)


def copy_method(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``x.copy()`` is in C order, unlike ``np.copy(x)``."""
    return copied(cx, args, kwargs, "C", node)


def copy_function(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return copied(cx, args, kwargs, "K", node)


def copied(cx: Lowerer, args: Args, kwargs: Keywords, default: str, node: ast.AST) -> Value:
    value, given = take_arguments("a order", args, kwargs, cx, node)
    order = text(cx, given, default, ORDERS, node, "an order")
    ref = array(cx, value, node)
    if ref is None or order == "K" or array_type(cx, ref).weak:
        return operation(cx, "np.copy", (value,), {}, node)
    if in_fortran_order(cx, ref, order, node):
        made = c_copy(cx, reversed_axes(cx, ref))
        return reversed_axes(cx, made) if isinstance(made, Ref) else made
    return c_copy(cx, ref)


def c_copy(cx: Lowerer, ref: Ref) -> Value:
    t = array_type(cx, ref)
    return cx.emit("np.copy", cx.read(ref), type=Array(t.dtype, t.shape, "C"))


def flatten_copy(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return cx.emit("np.copy", cx.read(ravel(cx, args, kwargs, node)))


def filled(name: str) -> Callable[..., Value]:
    """``np.zeros`` and its relatives: in Fortran order they are the transpose of one in C order."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        kwargs = dict(kwargs)
        last = 3 if name == "np.full" else 2
        given = kwargs.pop("order", args[last] if len(args) == last + 1 else None)
        order = text(cx, given, "C", "C F", node, "an order")
        args = args[:last] if len(args) == last + 1 else args
        shape = kwargs.get("shape", args[0] if args else None)
        if order == "C" or not isinstance(shape, (Tup, Obj)):
            return operation(cx, name, args, kwargs, node)
        if any(isinstance(v, (Tup, Obj, Ref)) for v in (*args[1:], *(kwargs[k] for k in kwargs if k != "shape"))):
            cx.refuse(f"{name} of an array in Fortran order", node, "np.asfortranarray")
        from .iteration import items_of

        turned = Tup(tuple(reversed(items_of(cx, shape, node))))
        kwargs.pop("shape", None)
        made = operation(cx, name, (turned, *args[1:]), kwargs, node)
        return reversed_axes(cx, made) if isinstance(made, Ref) else made
    return handler


def like(name: str) -> Callable[..., Value]:
    """``np.zeros_like`` and its relatives: of a scalar a 0-d array; in an order of their own they are made from the shape."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        kwargs = dict(kwargs)
        order = text(cx, kwargs.pop("order", None), "K", ORDERS, node, "an order")
        value = as_array(cx, args[0], node)
        ref = array(cx, value, node)
        if order == "K" or ref is None or rank(cx, ref) < 2 or array_type(cx, ref).weak:
            return operation(cx, name, (value, *args[1:]), kwargs, node)
        least = 2 if name == "np.full_like" else 1
        dtype = kwargs.pop("dtype", args[least] if len(args) > least else None)
        kwargs["dtype"] = const(array_type(cx, ref).dtype) if is_none(dtype) else dtype
        kwargs["order"] = const("F" if in_fortran_order(cx, ref, order, node) else "C")
        return filled(name.removesuffix("_like"))(cx, (attribute(cx, ref, "shape", node), *args[1:least]), kwargs, node)
    return handler


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "np.reshape": reshape, "np.ravel": ravel, "np.copy": copy_function,
    "np.zeros": filled("np.zeros"), "np.ones": filled("np.ones"), "np.empty": filled("np.empty"),
    "np.full": filled("np.full"), "np.zeros_like": like("np.zeros_like"), "np.ones_like": like("np.ones_like"),
    "np.empty_like": like("np.empty_like"), "np.full_like": like("np.full_like"),
}
METHODS: dict[str, Callable[..., Value]] = {
    "ravel": ravel, "reshape": reshape, "flatten": flatten_copy, "copy": copy_method,
}
