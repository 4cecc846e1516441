"""Shapes of arrays that are made from numbers: sizes, ranges."""

from __future__ import annotations

import numpy as np

from ..ir import dims
from ..ir.core import Arg, Const
from ..ir.dims import DimLike, Facts
from ..ir.types import Array
from .shapes import Shape, array_type, broadcast, dim, dims_of, shape_of, static

__all__ = ["arange", "eye", "filled", "identity", "linspace"]


def filled(facts: Facts, shape: Arg, fill_value: Arg, dtype: Arg) -> Array:
    found = static(dtype, "dtype of np.full")
    return Array(array_type(fill_value, facts).dtype if found is None else str(np.dtype(found)), tuple(dims_of(shape)), "C")


def identity(facts: Facts, n: Arg, dtype: Arg) -> Shape:
    return (dim(n), dim(n))


def eye(facts: Facts, N: Arg, M: Arg, **_: Arg) -> Shape:
    return (dim(N), dim(N) if isinstance(M, Const) and M.value is None else dim(M))


def arange(facts: Facts, start: Arg, stop: Arg, step: Arg, dtype: Arg) -> Array:
    bounds = [a for a in (start, stop, step) if not (isinstance(a, Const) and a.value is None)]
    kinds = [array_type(a, facts, "argument of np.arange") for a in bounds]
    found = static(dtype, "dtype of np.arange")
    if found is None:
        found = np.result_type(*(np.dtype(t.dtype) for t in kinds), np.int64)
    low = 0 if len(bounds) == 1 else dim(start)
    high = dim(start) if len(bounds) == 1 else dim(stop)
    known = all(np.dtype(t.dtype).kind in "iu" for t in kinds) and (len(bounds) < 3 or _is_one(step))
    length = dims.clip0(dims.sub(high, low)) if known else _arange_length(bounds)
    return Array(str(np.dtype(found)), (length,), "C")


def _is_one(atom: Arg) -> bool:
    return isinstance(atom, Const) and type(atom.value) is int and atom.value == 1


def _arange_length(bounds: list[Arg]) -> DimLike:
    if all(isinstance(b, Const) for b in bounds):
        return len(np.arange(*(b.value for b in bounds)))
    return dims.runtime_sym("arange(" + ", ".join(str(getattr(b, "uid", b)) for b in bounds) + ")")


def linspace(facts: Facts, start: Arg, stop: Arg, num: Arg, **_: Arg) -> Shape:
    return (dim(num), *broadcast(facts, shape_of(start, facts), shape_of(stop, facts)))
