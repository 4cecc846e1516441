"""New arrays: from shapes, from ranges, from other arrays."""

from __future__ import annotations

from .creation_shapes import arange, eye, filled, identity, linspace
from .index_shapes import triangle_indices
from .shapes import given, like_first, nested
from .table import constant, elementwise, general, linear

_FROM_SHAPE = {"shape": given, "rank0": "array", "layout": "C", "dtype": "given"}
for _name in ("zeros", "ones", "empty"):
    constant(f"np.{_name}(shape, dtype=float)", **_FROM_SHAPE)
    constant(f"np.{_name}_like(a, dtype=None)", shape=like_first, dtype="given", rank0="array", shape_only="a")
linear("np.full(shape, fill_value, dtype=None)", fill_value="g", shape=filled)
linear("np.full_like(a, fill_value, dtype=None)", fill_value="g", shape=like_first,
       dtype="given", rank0="array", shape_only="a")

constant("np.eye(N, M=None, k=0, dtype=float)", shape=eye, dtype="given", layout="C")
constant("np.tri(N, M=None, k=0, dtype=float)", shape=eye, dtype="given", layout="C")
for _name in ("tril", "triu"):
    constant(f"np.{_name}_indices(n, k=0, m=None)", shape=triangle_indices, static="k")
constant("np.identity(n, dtype=float)", shape=identity, dtype="given", layout="C")

# With one argument that is the end; the length is piecewise constant in all of them.
elementwise("np.arange(start, stop=None, step=None, dtype=None)", shape=arange,
            start="np.zeros_like(y) if stop is None else g", stop="np.zeros_like(y)", step="g * np.arange(np.size(y))")
linear("np.linspace(start, stop, num=50, endpoint=True)", shape=linspace, dtype="floating", layout="C",
       start="rt.linspace_vjp(g, 1.0, 0.0, num, endpoint)", stop="rt.linspace_vjp(g, 0.0, 1.0, num, endpoint)")

general("np.geomspace(start, stop, num=50, endpoint=True)", shape=linspace, dtype="float64", layout="C", real=True,
        start="rt.linspace_vjp(g, 1.0, 0.0, num, endpoint) * y / start",
        stop="rt.linspace_vjp(g, 0.0, 1.0, num, endpoint) * y / stop",
        jvp={"start": "np.linspace(g / start, 0.0 * g, num, endpoint=endpoint) * y",
             "stop": "np.linspace(0.0 * g, g / stop, num, endpoint=endpoint) * y"})

_AS_ARRAY = {"shape": nested, "object": "g if np.ndim(g) == 0 else g[i]"}
linear("np.array(object, dtype=None)", **_AS_ARRAY)
linear("np.asarray(object, dtype=None)", **_AS_ARRAY)
linear("np.copy(a)", a="g", rank0="array")
linear("np.ascontiguousarray(a)", a="g", layout="C", rank0="array")
linear("np.asfortranarray(a)", a="g", layout="F", rank0="array")
linear("np.astype(x, dtype)", x="g", dtype="given")
