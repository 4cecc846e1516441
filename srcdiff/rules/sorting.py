"""Sorting and picking."""

from __future__ import annotations

from . import shapes
from .table import constant, general, linear

general("np.sort(a, axis=-1)", shape=shapes.ordered, real=True,
        a="rt.sort_vjp(g, a, axis)", jvp={"a": "np.take_along_axis(g, np.argsort(a, axis), axis)"})
constant("np.argsort(a, axis=-1)", shape=shapes.ordered, dtype="int64")
linear("np.take(a, indices, axis=None)", a="rt.take_vjp(g, a, indices, axis)", shape=shapes.taken)
linear("np.take_along_axis(arr, indices, axis)", arr="rt.take_along_axis_vjp(g, arr, indices, axis)", shape=shapes.second)
constant("np.searchsorted(a, v)", shape=shapes.like_second, dtype="int64")
