"""Shapes of what picks, removes, inserts, orders and counts; as in :mod:`srcdiff.rules.shapes`."""

from __future__ import annotations

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.core import Arg, Const
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, Scalar, Type
from .shapes import Shape, array_type, axis_in, broadcast, dim, elements, known_as, shape_of, static


def is_none(arg: Arg) -> bool:
    return isinstance(arg, Const) and arg.value is None


def triangle(facts: Facts, m: Arg, k: Arg) -> Shape:
    """``np.tril``: of a row, a square matrix with that row everywhere."""
    shape = shape_of(m, facts)
    if not shape:
        raise UnsupportedError("a triangle of a number")
    return shape * 2 if len(shape) == 1 else shape


def triangle_indices(facts: Facts, n: Arg, k: Arg, m: Arg) -> tuple[Type, Type]:
    rows, columns, offset = dim(n), dim(n) if is_none(m) else dim(m), static(k, "k")
    length: DimLike = dims.runtime_sym(f"triangle({rows}, {columns}, {offset}, {id(n)})")
    found = Array("int64", (length,), "C")
    return found, found


def along_axis(facts: Facts, arr: Arg, indices: Arg, axis: Arg) -> Shape:
    """``np.take_along_axis``: the other axes broadcast."""
    whole, at = shape_of(arr, facts), shape_of(indices, facts)
    if static(axis, "axis") is None:
        return at
    k = axis_in(axis, len(whole))
    if len(whole) != len(at):
        raise UnsupportedError(f"np.take_along_axis with {len(at)}-d indices for a {len(whole)}-d array")
    rest = broadcast(facts, (*whole[:k], 1, *whole[k + 1:]), (*at[:k], 1, *at[k + 1:]))
    return (*rest[:k], at[k], *rest[k + 1:])


def chosen(facts: Facts, a: Arg, choices: Arg, mode: Arg) -> Array:
    types = elements(choices, facts)
    if types is None:
        whole = array_type(choices, facts)
        types = [Array(whole.dtype, shape_of(choices, facts)[1:], "A")]
    shapes = [t.shape for t in types if isinstance(t, Array)]
    dtype = np.result_type(*(np.dtype(t.dtype) for t in types))
    shape = broadcast(facts, shape_of(a, facts), *shapes)
    return Array(str(dtype), shape, "A") if shape else Scalar(str(dtype))  # type: ignore[return-value]


def deleted(facts: Facts, arr: Arg, obj: Arg, axis: Arg) -> Shape:
    shape = list(shape_of(arr, facts))
    if static(axis, "axis") is None:
        shape = [dims.product(tuple(shape))]
    k = 0 if static(axis, "axis") is None else axis_in(axis, len(shape))
    single = isinstance(array_type(obj, facts), Scalar)
    shape[k] = dims.clip0(dims.sub(shape[k], 1)) if single else dims.runtime_sym(f"delete({shape[k]}, {known_as(obj)})")
    return tuple(shape)


def inserted(facts: Facts, arr: Arg, obj: Arg, values: Arg, axis: Arg) -> Shape:
    shape = list(shape_of(arr, facts))
    if static(axis, "axis") is None:
        shape = [dims.product(tuple(shape))]
    k = 0 if static(axis, "axis") is None else axis_in(axis, len(shape))
    places, new = shape_of(obj, facts), shape_of(values, facts)
    if len(places) == 1:
        count = places[0]
    else:  # one place: as many as there are values along the axis, which is their first if they are fewer-dimensional
        count = 1 if not new else new[0] if len(new) == len(shape) else 1
        if len(new) == 1 and len(shape) == 1:
            count = new[0]
    shape[k] = dims.add(shape[k], count)
    return tuple(shape)


def counted(facts: Facts, x: Arg, weights: Arg, minlength: Arg) -> Array:
    length = dims.runtime_sym(f"bincount({known_as((x, minlength))})")
    return Array("int64" if is_none(weights) else "float64", (length,), "C")


def unique_positions(facts: Facts, a: Arg) -> tuple[Type, ...]:
    some = Array("int64", (dims.runtime_sym(f"unique({getattr(a, 'uid', a)})"),), "C")
    return some, Array("int64", shape_of(a, facts), "C"), some


def binned(facts: Facts, a: Arg, bins: Arg, range: Arg, weights: Arg) -> Array:
    edges = array_type(bins, facts)
    length = dim(bins) if isinstance(edges, Scalar) else dims.sub(edges.shape[0], 1)
    dtype = "int64" if is_none(weights) else array_type(weights, facts).dtype
    return Array(dtype, (length,), "C")


def last_key(facts: Facts, keys: Arg, axis: Arg) -> Shape:
    """``np.lexsort``: of the shape of one key."""
    return shape_of(keys, facts)[1:]


def padded(facts: Facts, array: Arg, pad_width: Arg, **_: Arg) -> Shape:
    shape = shape_of(array, facts)
    return tuple(dims.add(d, dims.add(dim(before), dim(after))) for d, (before, after) in zip(shape, pad_width, strict=True))
