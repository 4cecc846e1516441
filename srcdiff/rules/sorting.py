"""Sorting, picking, removing and inserting, counting."""

from __future__ import annotations

from . import index_shapes, shapes
from .table import constant, general, linear

general("np.sort(a, axis=-1, *, kind=None)", shape=shapes.ordered, real=True, static="kind",
        a="rt.sort_vjp(g, a, axis)", jvp={"a": "np.take_along_axis(g, np.argsort(a, axis), axis)"})
constant("np.argsort(a, axis=-1, *, kind=None)", shape=shapes.ordered, dtype="int64", static="kind")
general("np.partition(a, kth, axis=-1)", shape=shapes.ordered, real=True,
        a="rt.partition_vjp(g, y, a, axis)", jvp={"a": "rt.partition_jvp(g, y, a, axis)"})
constant("np.argpartition(a, kth, axis=-1)", shape=shapes.ordered, dtype="int64")
constant("np.lexsort(keys, axis=-1)", shape=index_shapes.last_key, dtype="int64")

linear("np.take(a, indices, axis=None, *, mode='raise')", shape=shapes.taken, static="mode",
       a="rt.take_vjp(g, a, indices, axis) if mode == 'raise' else rt.take_vjp(g, a, rt.in_range(indices, "
         "np.size(a) if axis is None else np.shape(a)[axis], mode), axis)")
linear("np.take_along_axis(arr, indices, axis=-1)", arr="rt.take_along_axis_vjp(g, arr, indices, axis)",
       shape=index_shapes.along_axis)
linear("np.choose(a, choices, *, mode='raise')", choices="rt.choose_vjp(g, a, choices, i, mode)", shape=index_shapes.chosen,
       static="mode")
linear("np.delete(arr, obj, axis=None)", shape=index_shapes.deleted, arr="rt.delete_vjp(g, arr, obj, axis)")
linear("np.insert(arr, obj, values, axis=None)", shape=index_shapes.inserted,
       arr="rt.insert_vjp_arr(g, arr, obj, values, axis)", values="rt.insert_vjp_values(g, arr, obj, values, axis)")

constant("np.searchsorted(a, v, side='left', sorter=None)", shape=shapes.like_second, dtype="int64", static="side")
constant("np.digitize(x, bins, right=False)", shape=shapes.like_first, dtype="int64", static="right")
linear("np.bincount(x, weights=None, minlength=0)", shape=index_shapes.counted, weights="g[x]")
constant("rt.unique_positions(a)", shape=index_shapes.unique_positions)
general("rt.bin_counts(a, bins, range, weights)", shape=index_shapes.binned, static="range",
        a="np.zeros_like(a)", weights="rt.bin_counts_vjp(g, a, bins, range, weights)",
        jvp={"a": "np.zeros_like(y)", "weights": "rt.bin_counts(a, bins, range, g)"})
