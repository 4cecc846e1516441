"""Shapes and dtypes of Fourier transforms; as in :mod:`srcdiff.rules.shapes`."""

from __future__ import annotations

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.core import Arg, Const
from ..ir.dims import DimLike, Facts
from ..ir.types import Array
from .shapes import array_type, axes_in, axis_in, dim


def _source(facts: Facts, a: Arg) -> tuple[Array, str, str]:
    """The argument's type, and the complex and the real dtype of its precision."""
    t = array_type(a, facts)
    if not isinstance(t, Array) or not t.shape:
        raise UnsupportedError("a Fourier transform of a number")
    single = t.dtype in ("float32", "complex64")
    return t, "complex64" if single else "complex128", "float32" if single else "float64"


def _along(t: Array, axis: Arg, length: DimLike | None) -> tuple[DimLike, ...]:
    k = axis_in(axis, len(t.shape))
    return t.shape if length is None else (*t.shape[:k], length, *t.shape[k + 1:])


def _given(n: Arg) -> DimLike | None:
    return None if isinstance(n, Const) and n.value is None else dim(n)


def transformed(facts: Facts, a: Arg, n: Arg, axis: Arg, norm: Arg) -> Array:
    t, dtype, _ = _source(facts, a)
    return Array(dtype, _along(t, axis, _given(n)), "A")


def transformed_all(facts: Facts, a: Arg, norm: Arg, axes: Arg | None = None) -> Array:
    t, dtype, _ = _source(facts, a)
    if axes is not None:
        axes_in(axes, len(t.shape))
    return Array(dtype, t.shape, "A")


def real_transformed(facts: Facts, a: Arg, n: Arg, axis: Arg, norm: Arg) -> Array:
    t, dtype, _ = _source(facts, a)
    if np.dtype(t.dtype).kind == "c":
        raise UnsupportedError("np.fft.rfft of complex numbers")
    length = _given(n)
    whole = t.shape[axis_in(axis, len(t.shape))] if length is None else length
    return Array(dtype, _along(t, axis, dims.add(dims.floordiv(whole, 2), 1)), "A")


def real_restored(facts: Facts, a: Arg, n: Arg, axis: Arg, norm: Arg) -> Array:
    t, _, dtype = _source(facts, a)
    length = _given(n)
    if length is None:
        length = dims.scale(dims.sub(t.shape[axis_in(axis, len(t.shape))], 1), 2)
    return Array(dtype, _along(t, axis, length), "A")
