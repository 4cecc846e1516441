"""``np.pad`` in the modes that are linear; the others are composed."""

from __future__ import annotations

from . import index_shapes
from .table import linear

# Adjoints of the values at the outside count only in their own mode: elsewhere NumPy refuses them.
linear("np.pad(array, pad_width, mode='constant', *, constant_values=0, end_values=0, stat_length=None, reflect_type='even')",
       shape=index_shapes.padded, static="mode stat_length reflect_type", layout="A",
       array="rt.pad_vjp(g, array, pad_width, mode, stat_length, reflect_type)",
       constant_values="rt.pad_vjp_values(g, array, pad_width, mode)",
       end_values="rt.pad_vjp_values(g, array, pad_width, mode)")
