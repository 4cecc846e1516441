"""NumPy functions and array methods that make views or write in place: questions of storage, not of derivative."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Const, Diagonal, Index, Path, Reshape, Slice, Transpose
from ..ir.structural import sym_of
from ..ir.types import Array, Scalar
from ..rules.matrix_shapes import explicit_subscripts
from .attributes import attribute
from .calls import operation
from .context import Lowerer
from .exprs import arithmetic, as_array
from .subscripts import index_items
from .values import Obj, Ref, Tup, Value

__all__ = ["FUNCTIONS", "METHODS", "to_scalar_type"]

Args = tuple[Any, ...]
Keywords = dict[str, Any]


def array(cx: Lowerer, value: Value, node: ast.AST) -> Ref | None:
    """The value as an array reference; None for a scalar."""
    value = as_array(cx, value, node)
    if isinstance(value, Ref):
        cx.strengthen(value)
    return value if isinstance(value, Ref) else None


def static(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    """Axes and the like."""
    if isinstance(value, Tup):
        return tuple(static(cx, v, node) for v in value.items)
    if isinstance(value, Obj):
        from .iteration import items_of

        return tuple(static(cx, v, node) for v in items_of(cx, value, node))
    if isinstance(value, Const) and value.value is None:
        return None
    return cx.static_int(value, node, "an axis")


def rank(cx: Lowerer, ref: Ref) -> int:
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    return len(t.shape)


def take_arguments(names: str, args: Args, kwargs: Keywords, cx: Lowerer, node: ast.AST) -> list[Any]:
    """Arguments in the order of ``names``; None where one is not given."""
    order = names.split()
    unknown = set(kwargs) - set(order) - {"order"}
    if unknown or len(args) > len(order):
        cx.refuse(f"the keyword {sorted(unknown)[0]!r} is not supported" if unknown else "too many arguments", node,
                  f"supported: {', '.join(order)}")
    if "order" in kwargs and "order" not in order and kwargs["order"].value not in ("C", None):
        cx.refuse("order other than C", node, "reshape in C order, and transpose")
    given = dict(zip(order, args, strict=False)) | kwargs
    return [given.get(n) for n in order]


# -- views -------------------------------------------------------------------------------------------------------------


def transpose(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) > 2:
        args = (args[0], Tup(args[1:]))
    value, axes = take_arguments("a axes", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return value
    n = rank(cx, ref)
    perm = None if axes is None else static(cx, axes, node)
    order = tuple(reversed(range(n))) if perm is None else tuple(p % n for p in perm)
    return permuted(cx, ref, order)


def permuted(cx: Lowerer, ref: Ref, order: tuple[int, ...]) -> Value:
    return ref if order == tuple(range(len(order))) else cx.step(ref, Transpose(order))


def swapaxes(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, a, b = take_arguments("a axis1 axis2", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    order = list(range(rank(cx, ref)))
    i, j = static(cx, a, node), static(cx, b, node)
    order[i], order[j] = order[j], order[i]
    return permuted(cx, ref, tuple(order))


def need_array(cx: Lowerer, value: Value, node: ast.AST) -> Ref:
    ref = array(cx, value, node)
    if ref is None:
        cx.refuse(f"a {cx.describe(value)} where an array is needed", node)
    return ref


def moveaxis(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, source, destination = take_arguments("a source destination", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    src, dst = ([k % n for k in (v if isinstance(v, tuple) else (v,))] for v in
                (static(cx, source, node), static(cx, destination, node)))
    order = [k for k in range(n) if k not in src]
    for d, s in sorted(zip(dst, src, strict=True)):
        order.insert(d, s)
    return permuted(cx, ref, tuple(order))


def squeeze(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("a axis", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return value
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    n = len(t.shape)
    if axis is None or static(cx, axis, node) is None:
        ones = [cx.facts.is_one(d) for d in t.shape]
        if None in ones:
            cx.refuse("squeeze of an array whose shape is known at run time only", node, "name the axis")
        gone = {k for k, one in enumerate(ones) if one}
    else:
        axes = static(cx, axis, node)
        gone = {k % n for k in (axes if isinstance(axes, tuple) else (axes,))}
    items = tuple(const(0) if k in gone else Slice() for k in range(n))
    return cx.step(ref, Index((*items, Ellipsis)) if len(gone) == n else Index(items)) if gone else ref


def expand_dims(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("a axis", args, kwargs, cx, node)
    axes = static(cx, axis, node)
    axes = axes if isinstance(axes, tuple) else (axes,)
    ref = array(cx, value, node)
    if ref is None:
        return operation(cx, "np.expand_dims", (value, axis), {}, node)
    n = rank(cx, ref) + len(axes)
    new = {k % n for k in axes}
    return cx.step(ref, Index(tuple(None if k in new else Slice() for k in range(n))))


def flip(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("m axis", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    axes = None if axis is None else static(cx, axis, node)
    chosen = set(range(n)) if axes is None else {k % n for k in (axes if isinstance(axes, tuple) else (axes,))}
    back = Slice(None, None, const(-1))
    return cx.step(ref, Index(tuple(back if k in chosen else Slice() for k in range(n))))


def diagonal(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, offset, a, b = take_arguments("a offset axis1 axis2", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    numbers = [d if v is None else static(cx, v, node) for v, d in ((offset, 0), (a, 0), (b, 1))]
    return cx.step(ref, Diagonal(*numbers))


def diag(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    ref = array(cx, args[0], node)
    if ref is not None and rank(cx, ref) == 2:
        value, k = take_arguments("v k", args, kwargs, cx, node)
        return cx.emit("np.copy", cx.read(diagonal(cx, (value, const(0) if k is None else k), {}, node)))
    return operation(cx, "np.diag", args, kwargs, node)


def ravel(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, = take_arguments("a", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is not None and rank(cx, ref) == 1:
        if cx.contiguous(ref):
            return ref
        new = cx.emit("np.copy", cx.read(ref))
        if cx.contiguous(ref) is None and isinstance(new, Ref):
            cx.link(new.sid, ref.sid)
        return new
    return reshape(cx, (value, const(-1)), {}, node)


def reshape(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """A view where the memory allows it, else a copy; where that is not known, neither may be written while the other lives."""
    if "newshape" in kwargs:
        kwargs = {("shape" if k == "newshape" else k): v for k, v in kwargs.items()}
    if len(args) > 2:
        args = (args[0], Tup(args[1:]))
    value, shape = take_arguments("a shape", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return operation(cx, "np.reshape", (value, shape), {}, node)
    sizes = new_shape(cx, ref, shape, node)
    if tuple(sym_of(s) for s in sizes) == cx.type_of(ref).shape:  # type: ignore[union-attr]
        return ref
    if rank(cx, ref) == 1 or cx.contiguous(ref):  # one axis in equal steps can always be split without a copy
        return cx.step(ref, Reshape(sizes))
    new = cx.emit("np.reshape", cx.read(ref), sizes)
    if not isinstance(new, Ref):
        cx.refuse("reshape to a scalar", node)
    if not certainly_copies(cx, ref, sizes):
        cx.link(new.sid, ref.sid)
    return new


def certainly_copies(cx: Lowerer, ref: Ref, sizes: tuple[Any, ...]) -> bool:
    """Whether NumPy has to copy to reshape a Fortran-ordered array: asked of NumPy for these sizes, which become facts."""
    t = cx.type_of(ref)
    assert isinstance(t, Array)
    if cx.ask_layout(t.layout) != "F":
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
    t = cx.type_of(ref)
    assert isinstance(t, Array)
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


def broadcast_to(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0]
    result = operation(cx, "np.broadcast_to", args, kwargs, node)
    if isinstance(value, Ref) and isinstance(result, Ref):
        cx.link(result.sid, value.sid)
    if isinstance(result, Ref):
        cx.read_only.add(result.sid)
    return result


def as_is(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """np.asarray of an array of the same dtype is the array."""
    if len(args) == 1 and not kwargs and isinstance(args[0], Ref):
        return args[0]
    return operation(cx, "np.array", args, kwargs, node)


def atleast(n: int) -> Callable[..., Value]:
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        ref = array(cx, args[0], node)
        if ref is None:
            return operation(cx, "np.reshape", (args[0], Tup((const(1),) * n)), {}, node)
        missing = n - rank(cx, ref)
        return ref if missing <= 0 else cx.step(ref, Index((*(None,) * missing, Ellipsis)))
    return handler


# -- writes ------------------------------------------------------------------------------------------------------------


def whole(cx: Lowerer, value: Any, node: ast.AST) -> Ref:
    if not isinstance(value, Ref):
        cx.refuse(f"writing into a {cx.describe(value)}", node)
    return value


def copyto(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    dst, src, casting, where = take_arguments("dst src casting where", args, kwargs, cx, node)
    if casting is not None:
        cx.refuse("casting=", node)
    target = whole(cx, dst, node)
    if where is not None:
        src = operation(cx, "np.where", (where, src, target), {}, node)
    cx.write(target, as_array(cx, src, node), "setview", node)
    return const(None)


def fill(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    cx.write(whole(cx, args[0], node), args[1], "setview", node)
    return const(None)


def sort_in_place(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    target = whole(cx, args[0], node)
    cx.write(target, operation(cx, "np.sort", args, kwargs, node), "setview", node)
    return const(None)


def add_at(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return at(cx, "addview", args, node)


def subtract_at(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return at(cx, "subview", args, node)


def at(cx: Lowerer, op: str, args: Args, node: ast.AST) -> Value:
    target = whole(cx, args[0], node)
    items = index_items(cx, target, args[1], node)
    cx.write(Ref(target.sid, Path((*target.path.steps, Index(items)))), as_array(cx, args[2], node), op, node)
    return const(None)


def may_share(name: str) -> Callable[..., Value]:
    """A function whose result may be a view of its only array argument: neither may be written while the other lives."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        result = operation(cx, name, args, kwargs, node)
        arrays = [a for a in args if isinstance(a, Ref)]
        if isinstance(result, Ref) and len(arrays) == 1:
            cx.link(result.sid, arrays[0].sid)
        return result
    return handler


def einsum(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if not args or not isinstance(args[0], Const) or not isinstance(args[0].value, str):
        cx.refuse("np.einsum needs its subscripts as a string that is known when the function is compiled", node)
    ranks = [0 if (ref := array(cx, a, node)) is None else rank(cx, ref) for a in args[1:]]
    if args[0].value.count(",") != len(ranks) - 1:
        cx.refuse(f"the subscripts {args[0].value!r} do not fit {len(ranks)} operands", node)
    return may_share("np.einsum")(cx, (const(explicit_subscripts(args[0].value, ranks)), *args[1:]), kwargs, node)


def fill_diagonal(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    target = whole(cx, args[0], node)
    if rank(cx, target) != 2 or kwargs:
        cx.refuse("fill_diagonal of an array that is not a matrix", node)
    cx.write(Ref(target.sid, Path((*target.path.steps, Diagonal()))), args[1], "setview", node, True)
    return const(None)


# -- others ------------------------------------------------------------------------------------------------------------


def to_scalar_type(cx: Lowerer, dtype: np.dtype[Any], args: Args, node: ast.AST) -> Value:
    """``np.float32(x)``."""
    value = args[0] if args else const(0.0)
    if isinstance(value, Ref):
        t = cx.type_of(value)
        if isinstance(t, Array):
            return operation(cx, "np.astype", (value, const(str(dtype))), {}, node)
    return cx.emit("cast", cx.read(value), const(str(dtype)), type=Scalar(str(dtype)))


def astype(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, dtype, copy = take_arguments("x dtype copy", args, kwargs, cx, node)
    if copy is not None and not copy.value:
        cx.refuse("astype with copy=False", node, "leave copy out")
    if not isinstance(dtype, Const):
        cx.refuse("a dtype that is not known", node)
    name = const(str(np.dtype(dtype.value)))
    if isinstance(value, Ref):
        return operation(cx, "np.astype", (value, name), {}, node)
    return cx.emit("cast", cx.read(value), name, type=Scalar(name.value))


def shape(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return attribute(cx, as_array(cx, args[0], node), "shape", node)


def size(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("a axis", args, kwargs, cx, node)
    axes = None if axis is None else static(cx, axis, node)
    if axes is None:
        return attribute(cx, as_array(cx, value, node), "size", node)
    lengths = shape(cx, (value,), {}, node)
    assert isinstance(lengths, Tup)
    chosen = [lengths.items[k] for k in (axes if isinstance(axes, tuple) else (axes,))]
    return functools.reduce(lambda a, b: arithmetic(cx, "np.multiply", a, b, node), chosen)


def ndim(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return attribute(cx, as_array(cx, args[0], node), "ndim", node)


def like(name: str) -> Callable[..., Value]:
    """np.zeros_like and the like of a scalar is a 0-d array; the shape of a weak value is asked for."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        return operation(cx, name, (as_array(cx, args[0], node), *args[1:]), kwargs, node)
    return handler


def append_array(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    a, b, axis = take_arguments("arr values axis", args, kwargs, cx, node)
    if axis is None or (isinstance(axis, Const) and axis.value is None):
        parts = tuple(ravel(cx, (atleast(1)(cx, (v,), {}, node),), {}, node) for v in (a, b))
        return operation(cx, "np.concatenate", (Tup(parts),), {}, node)
    return operation(cx, "np.concatenate", (Tup((a, b)), axis), {}, node)


def item(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) > 1:
        from .subscripts import read_item

        value = read_item(cx, args[0], Tup(args[1:]) if len(args) > 2 else args[1], node)
    else:
        value = args[0]
    return cx.emit("item", cx.read(value))


def stop_gradient(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .structure import flatten, rebuild

    if isinstance(args[0], Obj):
        cx.refuse("stop_gradient of a list or dict", node, "apply it to the arrays in it")
    leaves = [v if isinstance(v, Const) else cx.emit("stop_gradient", cx.read(v)) for v in flatten(args[0])]
    return rebuild(args[0], iter(leaves))


def copy_method(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``x.copy()`` is in C order, unlike ``np.copy(x)``."""
    value, order = take_arguments("a order", args, kwargs, cx, node)
    if order is not None and order.value == "K":
        return operation(cx, "np.copy", (value,), {}, node)
    if order is not None and order.value != "C":
        cx.refuse("copy in another order than C", node, "copy, and transpose")
    t = cx.type_of(value)
    if not isinstance(t, Array) or t.weak:
        return operation(cx, "np.copy", (value,), {}, node)
    return cx.emit("np.copy", cx.read(value), type=Array(t.dtype, t.shape, "C"))


def flatten_copy(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return cx.emit("np.copy", cx.read(ravel(cx, args[:1], kwargs, node)))


def flatnonzero(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return cx.emit("np.flatnonzero", cx.read(need_array(cx, args[0], node)))


def nonzero(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """One array of positions for each axis."""
    ref = need_array(cx, args[0], node)
    flat = flatnonzero(cx, (ref,), {}, node)
    if rank(cx, ref) == 1:
        return Tup((flat,))
    if rank(cx, ref) != 2:
        cx.refuse("nonzero of an array of more than two axes", node, "use np.flatnonzero of it reshaped")
    columns = attribute(cx, ref, "shape", node).items[1]  # type: ignore[union-attr]
    return Tup(tuple(arithmetic(cx, f"np.{op}", flat, columns, node) for op in ("floor_divide", "remainder")))


def where(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) == 1:
        return nonzero(cx, args, kwargs, node)
    return operation(cx, "np.where", args, kwargs, node)


Handler = Callable[[Lowerer, Args, Keywords, ast.AST], Value]
FUNCTIONS: dict[Any, Handler] = {
    np.transpose: transpose, np.permute_dims: transpose, np.swapaxes: swapaxes, np.moveaxis: moveaxis, np.squeeze: squeeze,
    np.expand_dims: expand_dims, np.flip: flip, np.diagonal: diagonal, np.diag: diag, np.ravel: ravel, np.reshape: reshape,
    np.flipud: lambda cx, a, k, n: flip(cx, (a[0], const(0)), {}, n),
    np.fliplr: lambda cx, a, k, n: flip(cx, (a[0], const(1)), {}, n),
    np.broadcast_to: broadcast_to,
    np.asarray: as_is, np.asanyarray: as_is, np.atleast_1d: atleast(1), np.atleast_2d: atleast(2),
    np.flatnonzero: flatnonzero, np.nonzero: nonzero, np.where: where,
    np.copyto: copyto, np.fill_diagonal: fill_diagonal, np.add.at: add_at, np.subtract.at: subtract_at,
    np.shape: shape, np.size: size, np.ndim: ndim, np.append: append_array,
    np.einsum: einsum, np.ascontiguousarray: may_share("np.ascontiguousarray"),
    np.asfortranarray: may_share("np.asfortranarray"),
    np.real: lambda cx, a, k, n: attribute(cx, as_array(cx, a[0], n), "real", n),
    np.zeros_like: like("np.zeros_like"), np.ones_like: like("np.ones_like"),
}
METHODS: dict[str, Handler] = {
    "transpose": transpose, "swapaxes": swapaxes, "squeeze": squeeze, "diagonal": diagonal, "ravel": ravel, "reshape": reshape,
    "fill": fill, "sort": sort_in_place, "astype": astype, "item": item, "flatten": flatten_copy, "copy": copy_method,
}
