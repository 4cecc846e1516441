"""Element-wise functions with two results, and the methods of ufuncs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .static import unsupported
from .table import composed

__all__ = ["divide_with_remainder", "masked"]


def divide_with_remainder(a, b):
    return a // b, a % b


@composed("np.divmod")
def floor_divide_with_remainder(x1, x2):
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


def masked(ufunc, where, out, *operands):
    """``ufunc(*operands, where=where, out=out)``: elsewhere ``out`` stays, and the operands are ones, so that nothing warns."""
    used = [a if np.ndim(a) == 0 else np.where(where, a, np.ones_like(a)) for a in operands]
    np.copyto(out, np.where(where, ufunc(*used), out))
    return out


# -- methods -----------------------------------------------------------------------------------------------------------


@composed("np.add.reduce")
def add_reduce(array, axis=0, dtype=None, **options):
    return np.sum(array, axis=axis, dtype=dtype, **options)


@composed("np.multiply.reduce")
def multiply_reduce(array, axis=0, dtype=None, **options):
    return np.prod(array, axis=axis, dtype=dtype, **options)


@composed("np.maximum.reduce")
def maximum_reduce(array, axis=0, **options):
    return np.max(array, axis=axis, **options)


@composed("np.minimum.reduce")
def minimum_reduce(array, axis=0, **options):
    return np.min(array, axis=axis, **options)


@composed("np.fmax.reduce")
def fmax_reduce(array, axis=0, **options):
    return np.nanmax(array, axis=axis, **options)


@composed("np.fmin.reduce")
def fmin_reduce(array, axis=0, **options):
    return np.nanmin(array, axis=axis, **options)


@composed("np.logical_and.reduce")
def logical_and_reduce(array, axis=0, **options):
    return np.all(array, axis=axis, **options)


@composed("np.logical_or.reduce")
def logical_or_reduce(array, axis=0, **options):
    return np.any(array, axis=axis, **options)


@composed("np.add.accumulate")
def add_accumulate(array, axis=0, dtype=None):
    return np.cumsum(array, axis=axis, dtype=dtype)


@composed("np.multiply.accumulate")
def multiply_accumulate(array, axis=0, dtype=None):
    return np.cumprod(array, axis=axis, dtype=dtype)


def _at(ufunc: np.ufunc) -> Callable[..., Any]:
    def at(a, indices, b):
        if isinstance(indices, tuple) or np.ndim(indices) > 1 or np.asarray(indices).dtype == bool:
            unsupported("the method at of a ufunc with other indices than one list of integers", "write the loop")
        places = np.ravel(indices)
        values = np.broadcast_to(b, np.shape(places) + np.shape(a)[1:])
        for k in range(len(places)):
            a[places[k]] = ufunc(a[places[k]], values[k])
    return at


for _name in ("multiply", "divide", "maximum", "minimum"):
    composed(f"np.{_name}.at")(_at(getattr(np, _name)))


def _outer(ufunc: np.ufunc) -> Callable[..., Any]:
    def outer(A, B):
        return ufunc(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)
    return outer


for _name in ("add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "hypot", "arctan2", "logaddexp",
              "remainder", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"):
    composed(f"np.{_name}.outer")(_outer(getattr(np, _name)))
