"""Comparisons, logic, tests of values, selection."""

from __future__ import annotations

import operator

from .shapes import broadcast, integer, like_first, shape_tuple, truth
from .table import constant, linear

constant("np.less(a, b)", python=operator.lt)
constant("np.less_equal(a, b)", python=operator.le)
constant("np.greater(a, b)", python=operator.gt)
constant("np.greater_equal(a, b)", python=operator.ge)
constant("np.equal(a, b)", python=operator.eq)
constant("np.not_equal(a, b)", python=operator.ne)
constant("np.logical_and(a, b)")
constant("np.logical_or(a, b)")
constant("np.logical_xor(a, b)")
constant("np.logical_not(x)")
constant("np.bitwise_and(a, b)", python=operator.and_)
constant("np.bitwise_or(a, b)", python=operator.or_)
constant("np.bitwise_xor(a, b)", python=operator.xor)
constant("np.left_shift(a, b)", python=operator.lshift)
constant("np.right_shift(a, b)", python=operator.rshift)
constant("np.invert(x)", python=operator.invert)
constant("np.isnan(x)")
constant("np.isfinite(x)")
constant("np.isinf(x)")
constant("np.signbit(x)")
constant("np.isneginf(x)")
constant("np.isposinf(x)")
constant("np.isreal(x)")
constant("np.iscomplex(x)", shape=like_first, dtype="bool", layout="A")
constant("np.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", static="equal_nan")
_FLAG = {"shape": truth, "rank0": "py"}
constant("np.allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", static="equal_nan", **_FLAG)
constant("np.array_equal(a1, a2, equal_nan=False)", static="equal_nan", **_FLAG)
constant("np.array_equiv(a1, a2)", **_FLAG)
constant("np.isrealobj(x)", shape_only="x", **_FLAG)
constant("np.iscomplexobj(x)", shape_only="x", **_FLAG)

linear("np.where(condition, a, b)", a="np.where(condition, g, 0.0)", b="np.where(condition, 0.0, g)",
       shape=broadcast, dtype="evaluated")

constant("np.shape(a)", shape=shape_tuple, shape_only="a")
constant("np.size(a, axis=None)", shape=integer, shape_only="a")
constant("np.ndim(a)", shape=integer, shape_only="a")
