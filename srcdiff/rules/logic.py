"""Comparisons, logic, tests of values, selection."""

from __future__ import annotations

import operator

from .shapes import broadcast, integer, shape_tuple
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

linear("np.where(condition, a, b)", a="np.where(condition, g, 0.0)", b="np.where(condition, 0.0, g)",
       shape=broadcast, dtype="evaluated")

constant("np.shape(a)", shape=shape_tuple, shape_only="a")
constant("np.size(a, axis=None)", shape=integer, shape_only="a")
constant("np.ndim(a)", shape=integer, shape_only="a")
