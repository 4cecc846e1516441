"""NumPy functions and array methods that need more than a rule: conversions, questions of shape, positions, selections."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..composed import windows
from ..composed.lists import to_list
from ..composed.shapes import joined_rows
from ..ir.build import const
from ..ir.core import Const, Index, Slice, Var
from ..ir.types import Array, Object, Scalar
from ..rules.matrix_shapes import explicit_subscripts
from . import prelude
from .array_arguments import Args, Keywords, array, array_type, is_none, need_array, rank, static, take_arguments, text
from .array_shapes import ORDERS, in_fortran_order, ravel
from .attributes import attribute
from .blanks import blank_of
from .calls import operation
from .context import Lowerer
from .exprs import arithmetic, as_array
from .layouts import contiguous
from .operators import call_special
from .values import Obj, Ref, Tup, Value

__all__ = ["FUNCTIONS", "METHODS", "broadcast_shape", "stop_gradient", "to_scalar_type"]


# -- conversions -------------------------------------------------------------------------------------------------------


def to_scalar_type(cx: Lowerer, dtype: np.dtype[Any], args: Args, node: ast.AST) -> Value:
    """``np.float32(x)``."""
    value = args[0] if args else const(0.0)
    for name in ("float", "index") if dtype.kind == "f" else ("int", "index") if dtype.kind in "iu" else ():
        if (made := call_special(cx, value, name, (), node)) is not None:
            value = made
            break
    if isinstance(value, Ref):
        t = cx.type_of(value)
        if isinstance(t, Array):
            return operation(cx, "np.astype", (value, const(str(dtype))), {}, node)
    return cx.emit("cast", cx.read(value), const(str(dtype)), type=Scalar(str(dtype)))


def astype(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, dtype, order, copy = take_arguments("x dtype order copy", args, kwargs, cx, node)
    if copy is not None and not copy.value:
        cx.refuse("astype with copy=False", node, "leave copy out")
    if not isinstance(dtype, Const):
        cx.refuse("a dtype that is not known", node)
    name = const(str(np.dtype(dtype.value)))
    if isinstance(value, Ref):
        return laid_out(cx, operation(cx, "np.astype", (value, name), {}, node), order, value, node)
    return cx.emit("cast", cx.read(value), name, type=Scalar(name.value))


def laid_out(cx: Lowerer, made: Value, order: Any, source: Any, node: ast.AST) -> Value:
    """``made`` in the memory order that a call asks for: "A" is that of ``source``, "K" and None what it has.

    Where it lies so already it is returned as it is, as NumPy does.
    """
    given = text(cx, order, "K", ORDERS, node, "an order")
    ref = array(cx, made, node)
    if ref is None or given == "K" or rank(cx, ref) == 0:
        return made
    base = array(cx, source, node)
    fortran = given == "F" if base is None or given != "A" else in_fortran_order(cx, base, "A", node)
    if contiguous(cx, ref) and (rank(cx, ref) == 1 or not fortran):
        return made
    return may_share("np.asfortranarray" if fortran else "np.ascontiguousarray")(cx, (ref,), {}, node)


def conjugate(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The method of an array: of real numbers it is the array itself."""
    if isinstance(args[0], Ref) and len(args) == 1 and not kwargs and not is_complex(cx, args[0], node):
        return args[0]
    return operation(cx, "np.conjugate", args, kwargs, node)


def nan_to_num(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """With ``copy=False`` the array itself changes, and is the result."""
    value, copy, *fills = take_arguments("x copy nan posinf neginf", args, kwargs, cx, node)
    given = {n: v for n, v in zip(("nan", "posinf", "neginf"), fills, strict=True) if v is not None}
    made = operation(cx, "np.nan_to_num", (value,), given, node)
    if copy is None or not isinstance(value, Ref):
        return made
    if not isinstance(copy, Const):
        cx.refuse("np.nan_to_num with a copy= that only the run knows", node, "write True or False")
    if copy.value:
        return made
    cx.strengthen(value)
    cx.write(value, made, "setview", node)
    return value


def as_is(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """np.asarray of an array of the same dtype is the array."""
    value, dtype, order = take_arguments("a dtype order", args, kwargs, cx, node)
    if is_none(dtype) and (blank := blank_of(cx, value)) is not None:
        return blank
    if isinstance(value, Ref) and isinstance(t := cx.type_of(value), Array):
        wanted = t.dtype if is_none(dtype) else str(np.dtype(dtype.value))
        made = value if wanted == t.dtype else operation(cx, "np.astype", (value, const(wanted)), {}, node)
    else:
        made = operation(cx, "np.array", (value,), {} if is_none(dtype) else {"dtype": dtype}, node)
    return laid_out(cx, made, order, value, node)


def new_array(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``np.array``: a copy; with ``copy=None`` one only where it has to be."""
    if len(args) == 1 and "dtype" not in kwargs and (blank := blank_of(cx, args[0])) is not None:
        return blank
    kwargs = dict(kwargs)
    order, least, copy = (kwargs.pop(k, None) for k in ("order", "ndmin", "copy"))
    if copy is not None and getattr(copy, "value", True) in (None, False):
        made = as_is(cx, args, kwargs, node)
    else:
        made = operation(cx, "np.array", args, kwargs, node)
    made = laid_out(cx, made, order, kwargs.get("object", args[0] if args else made), node)
    missing = 0 if least is None else cx.static_int(least, node, "ndmin")
    if isinstance(made, Ref) and missing > rank(cx, made):
        from .array_views import expand_dims

        axes = tuple(const(k) for k in range(missing - rank(cx, made)))
        return expand_dims(cx, (made, Tup(axes)), {}, node)
    return made


def item(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """``x.item()``, ``x.item(i, j)``; a single number counts in C order, whatever the rank."""
    value, *place = args
    if place:
        from .subscripts import read_item

        ref = array(cx, value, node) if len(place) == 1 and not isinstance(place[0], Tup) else None
        if ref is not None and rank(cx, ref) != 1:
            value = ravel(cx, (ref,), {}, node)
        value = read_item(cx, value, Tup(tuple(place)) if len(place) > 1 else place[0], node)
    return cx.emit("item", cx.read(value))


def stop_gradient(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .structure import flatten, rebuild

    if isinstance(args[0], Obj):
        cx.refuse("stop_gradient of a list or dict", node, "apply it to the arrays in it")
    leaves = [v if isinstance(v, Const) else cx.emit("stop_gradient", cx.read(v)) for v in flatten(args[0])]
    return rebuild(args[0], iter(leaves))


# -- shapes ------------------------------------------------------------------------------------------------------------


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
    return functools.reduce(lambda a, b: arithmetic(cx, "np.multiply", a, b, node), chosen) if chosen else const(1)


def ndim(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return attribute(cx, as_array(cx, args[0], node), "ndim", node)


def broadcast_shapes(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The shape that shapes broadcast to, as a tuple of integers."""
    shapes = [a.items if isinstance(a, Tup) else (a,) for a in args]
    most = max((len(s) for s in shapes), default=0)
    return Tup(tuple(one_length(cx, [s[k] for s in shapes if len(s) >= -k], node) for k in range(-most, 0)))


def one_length(cx: Lowerer, lengths: list[Any], node: ast.AST) -> Value:
    """What lengths broadcast to: the one that is not 1."""
    from ..ir.dims import hint_of
    from ..ir.structural import sym_of

    found = lengths[0]
    for other in lengths[1:]:
        a, b = sym_of(found), sym_of(other)
        if a is None or b is None or (a != b and (hint_of(a) is None or hint_of(b) is None)):
            cx.refuse("broadcasting lengths that are known at run time only", node, "np.broadcast_to with the shape")
        if a != b and cx.facts.is_one(a) and not cx.facts.is_one(b):
            found = other
        elif a != b:
            cx.facts.is_one(b)
    return found


def broadcast_shape(cx: Lowerer, args: Args, node: ast.AST) -> Tup:
    """The shape that arrays broadcast to."""
    found = broadcast_shapes(cx, tuple(shape(cx, (a,), {}, node) for a in args), {}, node)
    assert isinstance(found, Tup)
    return found


def may_share(name: str) -> Callable[..., Value]:
    """A function whose result may be a view of its only array argument: neither may be written while the other lives."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        result = operation(cx, name, args, kwargs, node)
        arrays = [a for a in args if isinstance(a, Ref)]
        if isinstance(result, Ref) and len(arrays) == 1:
            cx.link(result.sid, arrays[0].sid)
        return result
    return handler


def result_type(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """The dtype that NumPy promotes arrays, numbers and dtypes to."""
    found: list[Any] = []
    for value in args:
        if isinstance(value, Const) and not isinstance(value.type, Scalar):
            found.append(value.value)
            continue
        t = cx.type_of(value)
        assert isinstance(t, (Scalar, Array))
        weak = isinstance(t, Scalar) and t.py
        found.append(np.dtype(t.dtype).type(1).item() if weak else np.dtype(t.dtype))
    return Const(np.result_type(*found), const(None).type)


# -- einsum ------------------------------------------------------------------------------------------------------------


def einsum(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if args and not (isinstance(args[0], Const) and isinstance(args[0].value, str)):
        args = from_sublists(cx, args, node)
    if isinstance(kwargs.get("optimize"), (Tup, Obj)):
        cx.refuse("np.einsum with a path", node, "optimize=True, or one product after the other")
    ranks = [0 if (ref := array(cx, a, node)) is None else rank(cx, ref) for a in args[1:]]
    if args[0].value.count(",") != len(ranks) - 1:
        cx.refuse(f"the subscripts {args[0].value!r} do not fit {len(ranks)} operands", node)
    return may_share("np.einsum")(cx, (const(explicit_subscripts(args[0].value, ranks)), *args[1:]), kwargs, node)


def from_sublists(cx: Lowerer, args: Args, node: ast.AST) -> Args:
    """``np.einsum(a, [0, 1], b, [1, 2], [0, 2])`` with the subscripts as text."""
    from ..runtime import LETTERS

    def letters(value: Any) -> str:
        from .iteration import items_of

        found: list[Any] = [getattr(v, "value", None) for v in items_of(cx, value, node)]
        if not all(v is Ellipsis or isinstance(v, int) for v in found):
            cx.refuse("np.einsum needs its subscripts to be known when the function is compiled", node)
        return "".join("..." if v is Ellipsis else LETTERS[v] for v in found)
    if len(args) < 2:
        cx.refuse("np.einsum needs subscripts", node)
    operands, lists = args[0:len(args) - len(args) % 2:2], args[1::2]
    output = f"->{letters(args[-1])}" if len(args) % 2 else ""
    return (const(",".join(map(letters, lists)) + output), *operands)


# -- positions ---------------------------------------------------------------------------------------------------------


def flatnonzero(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return cx.emit("np.flatnonzero", cx.read(need_array(cx, args[0], node)))


def nonzero(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """One array of positions for each axis."""
    ref = need_array(cx, args[0], node)
    flat = flatnonzero(cx, (ref,), {}, node)
    n = rank(cx, ref)
    if n == 0:
        cx.refuse("nonzero of a 0-d array", node, "np.atleast_1d(x)")
    lengths = attribute(cx, ref, "shape", node).items  # type: ignore[union-attr]
    found: list[Value] = []
    for length in reversed(lengths[1:]):
        found.append(arithmetic(cx, "np.remainder", flat, length, node))
        flat = arithmetic(cx, "np.floor_divide", flat, length, node)
    return Tup((flat, *reversed(found)))


def where(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) == 1:
        return nonzero(cx, args, kwargs, node)
    cond = as_array(cx, args[0], node) if args else const(True)
    kind = cx.type_of(cond) if isinstance(cond, (Ref, Var)) else None
    if isinstance(kind, (Array, Scalar)) and np.dtype(kind.dtype).kind in "fc":  # numbers are true where they are not 0
        args = (arithmetic(cx, "np.not_equal", cond, const(0), node), *args[1:])
    return operation(cx, "np.where", args, kwargs, node)


def sort(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return ordered(cx, "np.sort", args, kwargs, node)


def argsort(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return ordered(cx, "np.argsort", args, kwargs, node)


def ordered(cx: Lowerer, name: str, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Without an axis, of all elements in a row."""
    value, axis, kind, stable = take_arguments("a axis kind stable", args, kwargs, cx, node)
    named = {} if is_none(kind) else {"kind": kind}
    if not is_none(stable) and stable.value:
        named = {"kind": const("stable")}
    if axis is not None and is_none(axis):
        from .array_shapes import ravel

        return operation(cx, name, (ravel(cx, (value,), {}, node), const(0)), named, node)
    return operation(cx, name, (value,) if axis is None else (value, axis), named, node)


def delete(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, obj, axis = take_arguments("arr obj axis", args, kwargs, cx, node)
    obj = positions(cx, value, obj, axis, node)
    return operation(cx, "np.delete", (value, obj) if axis is None else (value, obj, axis), {}, node)


def insert(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, obj, values, axis = take_arguments("arr obj values axis", args, kwargs, cx, node)
    obj = positions(cx, value, obj, axis, node)
    return operation(cx, "np.insert", (value, obj, values) if axis is None else (value, obj, values, axis), {}, node)


def positions(cx: Lowerer, value: Value, obj: Any, axis: Any, node: ast.AST) -> Value:
    """A slice stands for the positions that it selects."""
    if not isinstance(obj, Slice):
        return obj
    length = size(cx, (value,) if is_none(axis) else (value, axis), {}, node)
    numbers = operation(cx, "np.arange", (length,), {}, node)
    assert isinstance(numbers, Ref)
    return cx.step(numbers, Index((obj,)))


def block(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """Nested lists of arrays: the innermost are joined along the last axis."""
    from .array_views import atleast

    depth = depth_of(cx, args[0], node)

    def most(value: Value) -> int:
        items = parts_of(cx, value, node)
        return rank_of(cx, value, node) if items is None else max(map(most, items))

    n = max(depth, most(args[0]))

    def join(value: Value, level: int) -> Value:
        items = parts_of(cx, value, node)
        if items is None:
            ref = as_array(cx, value, node)
            while (missing := n - rank_of(cx, ref, node)) > 0:
                ref = widened(cx, ref, missing, node)
            return ref
        return operation(cx, "np.concatenate", (Tup(tuple(join(v, level + 1) for v in items)), const(level - depth)), {}, node)

    if depth == 0:
        return operation(cx, "np.copy", (atleast(1)(cx, args, {}, node),), {}, node)
    return join(args[0], 0)


def widened(cx: Lowerer, value: Value, missing: int, node: ast.AST) -> Value:
    from .array_views import atleast, expand_dims

    if not isinstance(value, Ref):
        return atleast(1)(cx, (value,), {}, node)
    return expand_dims(cx, (value, Tup(tuple(map(const, range(missing))))), {}, node)


def rank_of(cx: Lowerer, value: Value, node: ast.AST) -> int:
    return 0 if (ref := array(cx, value, node)) is None else len(array_type(cx, ref).shape)


def joining(name: str) -> Callable[..., Value]:
    """A function that joins the items of a sequence, which may be an array."""
    def apply(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        if args and isinstance(args[0], Ref) and rank(cx, args[0]) > 0:
            from .inline import call_function

            join = Const(getattr(np, name[3:]), Object("static"), name)
            return call_function(cx, joined_rows, (join, *args), kwargs, node)  # type: ignore[arg-type]
        return operation(cx, name, args, kwargs, node)
    return apply


def parts_of(cx: Lowerer, value: Value, node: ast.AST) -> tuple[Value, ...] | None:
    """The items of a list; None for anything else."""
    if not isinstance(value, Obj):
        return None
    from .iteration import items_of

    return items_of(cx, value, node)


def depth_of(cx: Lowerer, value: Value, node: ast.AST) -> int:
    items = parts_of(cx, value, node)
    if items is None:
        return 0
    depths = {depth_of(cx, v, node) for v in items}
    if len(depths) != 1:
        cx.refuse("np.block of lists of different depths", node)
    return 1 + depths.pop()



def is_complex(cx: Lowerer, value: Value, node: ast.AST) -> bool:
    return np.dtype(cx.type_of(as_array(cx, value, node)).dtype).kind == "c"  # type: ignore[union-attr]


def in_dtype(cx: Lowerer, ufunc: np.ufunc, args: Args, kwargs: Keywords, node: Any) -> tuple[Args, Keywords]:
    """A ufunc with ``dtype=``: NumPy converts what goes in, and computes in that dtype."""
    kwargs = dict(kwargs)
    given = kwargs.pop("dtype")
    if is_none(given):
        return args, kwargs
    if not isinstance(given, Const):
        cx.refuse("a dtype that is not known", node)
    dtype = np.dtype(given.value)
    if dtype.char not in "fdFD" or f"{dtype.char * ufunc.nin}->{dtype.char * ufunc.nout}" not in ufunc.types:
        cx.refuse(f"np.{ufunc.__name__} with dtype={dtype}", node, "x.astype(dtype)")

    def converted(value: Any) -> Value:
        whole = as_array(cx, value, node)
        if not np.can_cast(cx.type_of(whole).dtype, dtype, "same_kind"):  # type: ignore[union-attr]
            cx.refuse(f"np.{ufunc.__name__} of complex numbers with dtype={dtype}", node, "take the real part: x.real")
        return to_scalar_type(cx, dtype, (whole,), node)
    return (*map(converted, args[:ufunc.nin]), *args[ufunc.nin:]), kwargs


def tolist(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    return prelude.call(cx, to_list, args, node)


def sliding_windows(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    """NumPy's result is a view that cannot be written."""
    value, shape, axis = take_arguments("x window_shape axis", args, kwargs, cx, node)
    base = need_array(cx, value, node)
    made = prelude.call(cx, windows.sliding_windows, (base, shape) if axis is None else (base, shape, axis), node)
    cx.link(made.sid, base.sid)
    return made


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "np.asarray": as_is, "np.asanyarray": as_is, "np.array": new_array,
    "np.shape": shape, "np.size": size, "np.ndim": ndim, "np.broadcast_shapes": broadcast_shapes,
    "np.ascontiguousarray": may_share("np.ascontiguousarray"), "np.asfortranarray": may_share("np.asfortranarray"),
    "np.einsum": einsum, "np.result_type": result_type, "np.promote_types": result_type, "np.delete": delete,
    "np.insert": insert, "np.block": block, "np.lib.stride_tricks.sliding_window_view": sliding_windows,
    "np.flatnonzero": flatnonzero, "np.nonzero": nonzero, "np.where": where, "np.sort": sort, "np.argsort": argsort,
    "np.concatenate": joining("np.concatenate"), "np.hstack": joining("np.hstack"), "np.vstack": joining("np.vstack"),
    "np.nan_to_num": nan_to_num, "np.real": lambda cx, a, k, n: attribute(cx, as_array(cx, a[0], n), "real", n),
    "np.imag": lambda cx, a, k, n: attribute(cx, as_array(cx, a[0], n), "imag", n),
    "np.iscomplexobj": lambda cx, a, k, n: const(is_complex(cx, a[0], n)),
    "np.isrealobj": lambda cx, a, k, n: const(not is_complex(cx, a[0], n)),
}
METHODS: dict[str, Callable[..., Value]] = {
    "astype": astype, "conj": conjugate, "conjugate": conjugate, "item": item, "argsort": argsort, "nonzero": nonzero,
    "tolist": tolist,
}
