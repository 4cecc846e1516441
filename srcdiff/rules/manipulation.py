"""Shapes, orders of axes, joining, repeating. Where NumPy makes a view, lowering makes a path and these serve for copies."""

from __future__ import annotations

from . import shapes
from .table import linear

_NEW_SHAPE = {"a": "np.reshape(g, np.shape(a))", "rank0": "array"}
linear("np.reshape(a, shape)", shape=shapes.reshaped, **_NEW_SHAPE)
linear("np.ravel(a)", shape=shapes.raveled, layout="C", **_NEW_SHAPE)
linear("np.squeeze(a, axis=None)", shape=shapes.squeezed, **_NEW_SHAPE)
linear("np.expand_dims(a, axis)", shape=shapes.expanded, **_NEW_SHAPE)
linear("np.broadcast_to(array, shape)", array="g", shape=shapes.stretched, rank0="array", layout="A")

linear("np.transpose(a, axes=None)", shape=shapes.transposed,
       a="np.transpose(g) if axes is None else np.transpose(g, rt.inverse_permutation(axes))")
linear("np.swapaxes(a, axis1, axis2)", a="np.swapaxes(g, axis1, axis2)", shape=shapes.swapped)
linear("np.moveaxis(a, source, destination)", a="np.moveaxis(g, destination, source)", shape=shapes.moved)

linear("np.concatenate(arrays, axis=0)", arrays="rt.concatenate_vjp(g, arrays, i, axis)", shape=shapes.concatenated,
       lists={"arrays": "rt.concatenate_list_vjp(g, arrays, axis)"})
linear("np.stack(arrays, axis=0)", arrays="g[i] if axis == 0 else np.take(g, i, axis)", shape=shapes.stacked)
linear("np.hstack(tup)", tup="rt.hstack_vjp(g, tup, i)", shape=shapes.hstacked,
       lists={"tup": "rt.concatenate_list_vjp(g, tup, 1 if np.ndim(tup[0]) > 1 else None)"})
linear("np.vstack(tup)", tup="rt.vstack_vjp(g, tup, i)", shape=shapes.vstacked,
       lists={"tup": "rt.vstack_list_vjp(g, tup)"})

linear("np.flip(m, axis=None)", m="np.flip(g, axis)", layout="A")
linear("np.roll(a, shift, axis=None)", shape=shapes.rolled, rank0="array",
       a="np.roll(g, rt.negated(shift) if isinstance(shift, tuple) else -shift, axis)")
linear("np.repeat(a, repeats, axis=None)", a="rt.repeat_vjp(g, a, repeats, axis)", shape=shapes.repeated)
linear("np.tile(A, reps)", A="rt.tile_vjp(g, A, reps)", shape=shapes.tiled)
