"""Functions and methods that make views: they are steps of a path, so writes through them are writes to what they see."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ..ir import dims
from ..ir.build import const
from ..ir.core import Diagonal, Index, Slice, Transpose
from ..ir.structural import broadcast, sym_of
from ..ir.types import Array
from .array_arguments import (
    Args,
    Keywords,
    array,
    array_type,
    axis_or,
    is_none,
    need_array,
    rank,
    several,
    static,
    take_arguments,
)
from .calls import operation
from .context import Lowerer
from .exprs import arithmetic
from .values import Obj, Ref, Tup, Value

__all__ = ["FUNCTIONS", "atleast", "diagonal", "flip", "permuted", "swapaxes", "transpose"]


# -- the order of axes -------------------------------------------------------------------------------------------------


def permuted(cx: Lowerer, ref: Ref, order: tuple[int, ...]) -> Value:
    return ref if order == tuple(range(len(order))) else cx.step(ref, Transpose(order))


def transpose(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    if len(args) > 2:
        args = (args[0], Tup(args[1:]))
    value, axes = take_arguments("a axes", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return value
    n = rank(cx, ref)
    perm = None if axes is None else static(cx, axes, node)
    if perm is not None and len(perm) != n:
        cx.fails(ValueError, f"{len(perm)} axes for an array with {n} dimension{'s' * (n != 1)}", node)
    return permuted(cx, ref, tuple(reversed(range(n))) if perm is None else several(cx, axes, n, node))


def reversed_axes(cx: Lowerer, ref: Ref) -> Ref:
    result = permuted(cx, ref, tuple(reversed(range(rank(cx, ref)))))
    assert isinstance(result, Ref)
    return result


def swapaxes(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, a, b = take_arguments("a axis1 axis2", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    order = list(range(n))
    i, j = (several(cx, v, n, node)[0] for v in (a, b))
    order[i], order[j] = order[j], order[i]
    return permuted(cx, ref, tuple(order))


def matrix_transpose(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    ref = need_array(cx, args[0], node)
    if rank(cx, ref) < 2:
        cx.refuse("a matrix is needed, but the argument has fewer than 2 dimensions", node)
    return swapaxes(cx, (ref, const(-1), const(-2)), {}, node)


def moveaxis(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, source, destination = take_arguments("a source destination", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    src, dst = (several(cx, v, n, node) for v in (source, destination))
    if len(src) != len(dst):
        cx.fails(ValueError, f"{len(src)} axes are moved to {len(dst)} places", node)
    order = [k for k in range(n) if k not in src]
    for d, s in sorted(zip(dst, src, strict=True)):
        order.insert(d, s)
    return permuted(cx, ref, tuple(order))


def rollaxis(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis, start = take_arguments("a axis start", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    moved, = several(cx, axis, n, node)
    place = 0 if start is None else static(cx, start, node)
    place += n * (place < 0)
    order = [k for k in range(n) if k != moved]
    order.insert(place - (moved < place), moved)
    return permuted(cx, ref, tuple(order))


def flip(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("m axis", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    return turned(cx, ref, set(range(n)) if is_none(axis) else set(several(cx, axis, n, node)))


def turned(cx: Lowerer, ref: Ref, axes: set[int]) -> Value:
    """The elements along these axes in reverse."""
    if not axes:
        return ref
    back = Slice(None, None, const(-1))
    return cx.step(ref, Index(tuple(back if k in axes else Slice() for k in range(rank(cx, ref)))))


def rot90(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, k, axes = take_arguments("m k axes", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    n = rank(cx, ref)
    one, two = several(cx, Tup((const(0), const(1))) if axes is None else axes, n, node)
    times = (1 if k is None else cx.static_int(k, node, "k of np.rot90")) % 4
    order = list(range(n))
    order[one], order[two] = two, one
    if times == 2:
        return turned(cx, ref, {one, two})
    if times == 1:
        view = turned(cx, ref, {two})
        assert isinstance(view, Ref)
        return permuted(cx, view, tuple(order))
    if times == 3:
        view = permuted(cx, ref, tuple(order))
        assert isinstance(view, Ref)
        return turned(cx, view, {two})
    return ref


# -- axes of length 1 --------------------------------------------------------------------------------------------------


def squeeze(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("a axis", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return value if not getattr(cx.type_of(value), "py", False) else operation(cx, "np.squeeze", (value,), {}, node)
    t = array_type(cx, ref)
    n = len(t.shape)
    if is_none(axis):
        ones = [cx.facts.is_one(d) for d in t.shape]
        if None in ones:
            cx.refuse("squeeze of an array whose shape is known at run time only", node, "name the axis")
        gone = {k for k, one in enumerate(ones) if one}
    else:
        gone = set(several(cx, axis, n, node))
        for k in gone:
            check_one(cx, t.shape[k], node)
    items = tuple(const(0) if k in gone else Slice() for k in range(n))
    return cx.step(ref, Index((*items, Ellipsis)) if len(gone) == n else Index(items)) if gone else ref


def check_one(cx: Lowerer, length: dims.DimLike, node: ast.AST) -> None:
    """Only an axis of length 1 can be squeezed out."""
    one = cx.facts.is_one(length)
    if one is None:
        cx.refuse("squeeze of an axis whose length is known at run time only", node, "index it: x[0]")
    if not one:
        cx.fails(ValueError, f"squeeze of an axis of length {length}", node)


def expand_dims(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("a axis", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is None:
        return operation(cx, "np.expand_dims", (value, axis), {}, node)
    axes = static(cx, axis, node)
    n = rank(cx, ref) + (len(axes) if isinstance(axes, tuple) else 1)
    new = several(cx, axis, n, node)
    return cx.step(ref, Index(tuple(None if k in new else Slice() for k in range(n))))


def atleast(n: int) -> Callable[..., Value]:
    """``np.atleast_1d`` and its relatives; of several arguments a tuple."""
    def one(cx: Lowerer, value: Value, node: ast.AST) -> Value:
        ref = array(cx, value, node)
        if ref is None:
            return operation(cx, "np.reshape", (value, Tup((const(1),) * n)), {}, node)
        have = rank(cx, ref)
        if have >= n:
            return ref
        if n == 3 and have > 0:  # a row is (1, n, 1), a matrix (m, n, 1)
            return cx.step(ref, Index((*(None,) * (2 - have), *(Slice(),) * have, None)))
        return cx.step(ref, Index((*(None,) * (n - have), Ellipsis)))

    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        found = tuple(one(cx, a, node) for a in args)
        return found[0] if len(found) == 1 else Tup(found)
    return handler


# -- diagonals ---------------------------------------------------------------------------------------------------------


def diagonal(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, offset, a, b = take_arguments("a offset axis1 axis2", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    several(cx, Tup((axis_or(a, 0), axis_or(b, 1))), rank(cx, ref), node)
    numbers = [d if v is None else static(cx, v, node) for v, d in ((offset, 0), (a, 0), (b, 1))]
    return cx.step(ref, Diagonal(*numbers))


def matrix_diagonal(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, offset = take_arguments("x offset", args, kwargs, cx, node)
    return diagonal(cx, (value, axis_or(offset, 0), const(-2), const(-1)), {}, node)


def diag(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, k = take_arguments("v k", args, kwargs, cx, node)
    ref = array(cx, value, node)
    if ref is not None and rank(cx, ref) == 2:
        return diagonal(cx, (ref, axis_or(k, 0)), {}, node)
    return operation(cx, "np.diag", args, kwargs, node)


# -- broadcasting ------------------------------------------------------------------------------------------------------


def broadcast_to(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value = args[0]
    result = operation(cx, "np.broadcast_to", args, kwargs, node)
    if isinstance(value, Ref) and isinstance(result, Ref):
        cx.link(result.sid, value.sid)
    if isinstance(result, Ref):
        cx.read_only.add(result.sid)
    return result


def broadcast_arrays(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    from .array_others import broadcast_shape

    types = [cx.type_of(a) for a in args]
    common = broadcast([t.shape if isinstance(t, Array) else () for t in types], cx.facts)
    shape = broadcast_shape(cx, args, node)
    same = [isinstance(t, Array) and t.shape == common for t in types]
    return Tup(tuple(a if s else broadcast_to(cx, (a, shape), {}, node) for a, s in zip(args, same, strict=True)))


# -- parts -------------------------------------------------------------------------------------------------------------


def cut(cx: Lowerer, ref: Ref, axis: int, start: Any, stop: Any) -> Value:
    """``x[..., start:stop, ...]`` along an axis."""
    return cx.step(ref, Index((*(Slice(),) * axis, Slice(start, stop))))


def split(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, where, axis = take_arguments("ary indices_or_sections axis", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    k, = several(cx, axis_or(axis, 0), rank(cx, ref), node)
    return split_along(cx, ref, where, k, True, node)


def array_split(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, where, axis = take_arguments("ary indices_or_sections axis", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    k, = several(cx, axis_or(axis, 0), rank(cx, ref), node)
    return split_along(cx, ref, where, k, False, node)


def split_at(axis: int) -> Callable[..., Value]:
    """``np.hsplit`` (axis 1, or 0 of a vector), ``np.vsplit`` and ``np.dsplit``."""
    def handler(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
        value, where = take_arguments("ary indices_or_sections", args, kwargs, cx, node)
        ref = need_array(cx, value, node)
        n = rank(cx, ref)
        if n <= axis and (axis, n) != (1, 1):
            cx.refuse(f"an array of {n} dimensions cannot be split along axis {axis}", node)
        return split_along(cx, ref, where, min(axis, n - 1), True, node)
    return handler


def split_along(cx: Lowerer, ref: Ref, where: Value, axis: int, even: bool, node: ast.AST) -> Value:
    """The parts as a list of views; ``even``: an integer ``where`` has to divide the length."""
    if isinstance(where, (Tup, Obj, Ref)):
        from .iteration import items_of

        bounds = [None, *(cx.read(v) for v in items_of(cx, where, node)), None]
    else:
        bounds = even_bounds(cx, ref, cx.static_int(where, node, "the number of parts"), axis, even, node)
    return cx.new_list(cut(cx, ref, axis, start, stop) for start, stop in pairwise(bounds))


def even_bounds(cx: Lowerer, ref: Ref, parts: int, axis: int, even: bool, node: ast.AST) -> list[Any]:
    """Where to cut a length into ``parts`` equal ones; the first few may be one longer unless ``even``."""
    from .attributes import dimension

    if parts <= 0:
        cx.refuse(f"{parts} parts", node)
    length = dimension(cx, cx.read(ref), axis, array_type(cx, ref).shape[axis])
    whole = arithmetic(cx, "np.floor_divide", length, const(parts), node)
    more = 0
    d = sym_of(length)
    hint = d if isinstance(d, int) else None if d is None or d.assumed else d.hint
    if hint is not None:
        more = hint % parts
        if not isinstance(d, int):
            cx.facts.assume(f"({d}) % {parts} == {more}")
    elif not even:
        return uneven_bounds(cx, length, parts, node)
    else:
        require_division(cx, length, parts, node)
    if more and even:
        cx.refuse(f"a length of {hint} cannot be split into {parts} equal parts", node, "np.array_split")
    bounds: list[Any] = [None]
    for k in range(1, parts):
        at = arithmetic(cx, "np.multiply", whole, const(k), node)
        bounds.append(cx.read(arithmetic(cx, "np.add", at, const(min(k, more)), node)))
    return [*bounds, None]


def uneven_bounds(cx: Lowerer, length: Value, parts: int, node: ast.AST) -> list[Any]:
    """The same where the length is known at run time only: part k ends at ``k * (n // parts) + min(k, n % parts)``."""
    whole, more = (arithmetic(cx, f"np.{op}", length, const(parts), node) for op in ("floor_divide", "remainder"))
    bounds: list[Any] = [None]
    for k in range(1, parts):
        extra = cx.emit("min", const(k), cx.read(more))
        at = arithmetic(cx, "np.multiply", whole, const(k), node)
        bounds.append(cx.read(arithmetic(cx, "np.add", at, extra, node)))
    return [*bounds, None]


def require_division(cx: Lowerer, length: Value, parts: int, node: ast.AST) -> None:
    """What NumPy raises where the parts are not equal is raised at run time."""
    from ..composed import python_library
    from . import prelude

    prelude.call(cx, python_library.require_division, (length, const(parts)), node)


def unstack(cx: Lowerer, args: Args, kwargs: Keywords, node: ast.AST) -> Value:
    value, axis = take_arguments("x axis", args, kwargs, cx, node)
    ref = need_array(cx, value, node)
    k, = several(cx, axis_or(axis, 0), rank(cx, ref), node)
    d = array_type(cx, ref).shape[k]
    from .attributes import dimension

    count = cx.static_int(dimension(cx, cx.read(ref), k, d), node, "the number of parts")
    return Tup(tuple(cx.step(ref, Index((*(Slice(),) * k, const(i)))) for i in range(count)))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "np.transpose": transpose, "np.permute_dims": transpose, "np.swapaxes": swapaxes, "np.moveaxis": moveaxis,
    "np.rollaxis": rollaxis, "np.matrix_transpose": matrix_transpose, "np.linalg.matrix_transpose": matrix_transpose,
    "np.flip": flip, "np.flipud": lambda cx, a, k, n: flip(cx, (a[0], const(0)), {}, n),
    "np.fliplr": lambda cx, a, k, n: flip(cx, (a[0], const(1)), {}, n), "np.rot90": rot90,
    "np.squeeze": squeeze, "np.expand_dims": expand_dims,
    "np.atleast_1d": atleast(1), "np.atleast_2d": atleast(2), "np.atleast_3d": atleast(3),
    "np.diagonal": diagonal, "np.linalg.diagonal": matrix_diagonal, "np.diag": diag,
    "np.broadcast_to": broadcast_to, "np.broadcast_arrays": broadcast_arrays,
    "np.split": split, "np.array_split": array_split, "np.hsplit": split_at(1), "np.vsplit": split_at(0),
    "np.dsplit": split_at(2), "np.unstack": unstack,
}
