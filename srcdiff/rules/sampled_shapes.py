"""Shapes of differences, convolutions and polynomials."""

from __future__ import annotations

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.core import Arg, Const
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, Scalar
from .shapes import Shape, array_type, axis_in, dim, shape_of, static

__all__ = ["convolved", "differences", "polynomial", "vandermonde"]


def differences(facts: Facts, a: Arg, n: Arg, axis: Arg) -> Shape:
    shape = list(shape_of(a, facts))
    k, order = axis_in(axis, len(shape)), static(n, "n of np.diff")
    if array_type(a, facts).dtype == "bool":
        raise UnsupportedError("np.diff of booleans", advice="write x[1:] != x[:-1]")
    shape[k] = dims.clip0(dims.sub(shape[k], order))
    return tuple(shape)


def convolved(facts: Facts, a: Arg, v: Arg, mode: Arg) -> Shape:
    shapes = shape_of(a, facts), shape_of(v, facts)
    if any(len(s) != 1 for s in shapes):
        raise UnsupportedError("convolution of arrays that are not one-dimensional", advice="make them so: x.ravel()")
    (n,), (m,) = shapes
    way = static(mode, "mode of np.convolve")
    if way == "full":
        return (dims.sub(dims.add(n, m), 1),)
    longer = _at_least(facts, n, m)
    if longer is None:
        return (dims.runtime_sym(f"{way}({n}, {m})"),)
    long, short = (n, m) if longer else (m, n)
    return (long if way == "same" else dims.add(dims.sub(long, short), 1),)


def _at_least(facts: Facts, n: DimLike, m: DimLike) -> bool | None:
    """Whether ``n >= m``, recorded as a condition; None if only the run can tell."""
    if dims.hint_of(n) is None or dims.hint_of(m) is None:
        return None
    found = dims.hint_of(n) >= dims.hint_of(m)  # type: ignore[operator]
    if not (isinstance(n, int) and isinstance(m, int)) and n != m:
        facts.assume(f"{n} {'>=' if found else '<'} {m}")
    return found


def interpolated(facts: Facts, x: Arg, xp: Arg, fp: Arg, **_: Arg) -> Shape:
    for one, two in zip(shape_of(xp, facts), shape_of(fp, facts), strict=False):
        dims.match(one, two, facts)
    return shape_of(x, facts)


def polynomial(facts: Facts, p: Arg, x: Arg) -> Array | Scalar:
    """A number for each x; the zeros that NumPy starts from have the dtype of x, and are no Python number."""
    if len(shape_of(p, facts)) != 1:
        raise UnsupportedError("np.polyval of coefficients that are not one-dimensional")
    coefficients, t = array_type(p, facts), array_type(x, facts)
    dtype = str(np.result_type(coefficients.dtype, t.dtype))
    return Array(dtype, t.shape, t.layout if t.layout == "C" else "A") if isinstance(t, Array) and t.shape else Scalar(dtype)


def vandermonde(facts: Facts, x: Arg, N: Arg, increasing: Arg) -> Array:
    """NumPy promotes to at least the default integer."""
    (n,) = shape_of(x, facts)
    dtype = str(np.result_type(array_type(x, facts).dtype, np.int64))
    return Array(dtype, (n, n if isinstance(N, Const) and N.value is None else dim(N)), "A")
