"""Sampled functions: differences, gradients on grids, interpolation, convolution, polynomials."""

from __future__ import annotations

from . import sampled_shapes as shapes
from .shapes import like_first
from .table import bilinear, general, linear

linear("np.diff(a, n=1, axis=-1)", a="rt.diff_vjp(g, a, n, axis)", static="n", shape=shapes.differences, rank0="array")
general("np.gradient(f, x, *, axis=None, edge_order=1)", static="edge_order", shape=like_first, dtype="floating", rank0="array",
        f="rt.gradient_f_vjp(g, y, f, x, axis, edge_order)", x="rt.gradient_x_vjp(g, y, f, x, axis, edge_order)",
        jvp={"f": "np.gradient(g, x, axis=axis, edge_order=edge_order)",
             "x": "rt.gradient_x_jvp(g, y, f, x, axis, edge_order)"})

# On a knot the slope is that of the cell to the right; on the last one, to the left.
_LEFT, _RIGHT = "g * (x < xp[0])", "g * (x > xp[-1])"
general("np.interp(x, xp, fp, left=None, right=None)", shape=shapes.interpolated, dtype="float64", real=True,
        x="g * rt.interp_slope(x, xp, fp)", xp="rt.interp_xp_vjp(g, x, xp, fp)",
        fp="rt.interp_fp_vjp(g, x, xp, fp, left, right)", left=_LEFT, right=_RIGHT,
        jvp={"x": "g * rt.interp_slope(x, xp, fp)", "xp": "rt.interp_xp_jvp(g, x, xp, fp)", "left": _LEFT, "right": _RIGHT,
             "fp": "np.interp(x, xp, g, None if left is None else 0.0, None if right is None else 0.0)"})

_LINES = {"shape": shapes.convolved, "dtype": "promoted", "static": "mode"}
bilinear("np.convolve(a, v, mode='full')", **_LINES, a="np.correlate(rt.whole_convolution(g, a, v, mode), rt.conjugated(v))",
         v="np.correlate(rt.whole_convolution(g, a, v, mode), rt.conjugated(a))")
bilinear("np.correlate(a, v, mode='valid')", **_LINES,
         a="np.convolve(rt.whole_correlation(g, a, v, mode), rt.conjugated(v), 'valid')",
         v="np.flip(rt.conjugated(np.correlate(rt.whole_correlation(g, a, v, mode), rt.conjugated(a))))")

general("np.polyval(p, x)", shape=shapes.polynomial, p="rt.polyval_vjp(g, p, x)",
        x="g * np.polyval(rt.bare_polyder(p), x)",
        jvp={"p": "np.polyval(g, x)", "x": "g * np.polyval(rt.bare_polyder(p), x)"})
general("np.vander(x, N=None, increasing=False)", static="increasing", shape=shapes.vandermonde,
        x="np.sum(g * rt.vander_slope(y, increasing), axis=1)",
        jvp={"x": "np.expand_dims(g, 1) * rt.vander_slope(y, increasing)"})
