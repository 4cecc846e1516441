"""Exponentials, logarithms, trigonometric and hyperbolic functions."""

from __future__ import annotations

from .shapes import like_first
from .table import elementwise

elementwise("np.exp(x)", x="rt.smul(g, y)")
elementwise("np.expm1(x)", x="rt.smul(g, y + 1.0)")
elementwise("np.exp2(x)", x="rt.smul(g, y * 0.6931471805599453)")  # log(2) as a literal: np.log(2.0) would promote float32
elementwise("np.log(x)", x="rt.sdiv(g, x)")
elementwise("np.log1p(x)", x="rt.sdiv(g, 1.0 + x)")
elementwise("np.log2(x)", x="rt.sdiv(g, x * 0.6931471805599453)")
elementwise("np.log10(x)", x="rt.sdiv(g, x * 2.302585092994046)")
elementwise("np.logaddexp(a, b)", a="rt.smul(g, rt.exp_below(a, y))", b="rt.smul(g, rt.exp_below(b, y))")
elementwise("np.logaddexp2(a, b)", a="rt.smul(g, rt.exp2_below(a, y))", b="rt.smul(g, rt.exp2_below(b, y))")
elementwise("np.sqrt(x)", x="rt.sdiv(0.5 * g, y)")
elementwise("np.cbrt(x)", x="rt.sdiv(g, 3.0 * y * y)")

elementwise("np.sin(x)", x="g * np.cos(x)")
elementwise("np.cos(x)", x="-g * np.sin(x)")
elementwise("np.tan(x)", x="rt.smul(g, 1.0 + y * y)")
elementwise("np.arcsin(x)", x="rt.sdiv(g, np.sqrt(1.0 - x * x))")
elementwise("np.arccos(x)", x="-rt.sdiv(g, np.sqrt(1.0 - x * x))")
elementwise("np.arctan(x)", x="g / (1.0 + x * x)")
elementwise("np.arctan2(a, b)", a="rt.sdiv(g * b, a * a + b * b)", b="-rt.sdiv(g * a, a * a + b * b)")
elementwise("np.hypot(a, b)", a="rt.smul(g, rt.ratio(a, y))", b="rt.smul(g, rt.ratio(b, y))")  # 0 at the origin
elementwise("rt.ratio(a, b)", a="rt.smul(g, rt.reciprocal(b))", b="-rt.smul(rt.smul(g, y), rt.reciprocal(b))")
elementwise("rt.reciprocal(x)", x="-rt.smul(g, y * y)")
for _name in ("deg2rad", "radians"):
    elementwise(f"np.{_name}(x)", x="g * 0.017453292519943295")
for _name in ("rad2deg", "degrees"):
    elementwise(f"np.{_name}(x)", x="g * 57.29577951308232")
elementwise("np.sinc(x)", x="g * rt.sinc_slope(x, y)")
elementwise("np.unwrap(p, discont=None, axis=-1, *, period=6.283185307179586)", p="g", shape=like_first,
            static="discont period")

elementwise("np.sinh(x)", x="rt.smul(g, np.cosh(x))")
elementwise("np.cosh(x)", x="rt.smul(g, np.sinh(x))")
elementwise("np.tanh(x)", x="g * (1.0 - y * y)")
elementwise("np.arcsinh(x)", x="g / np.sqrt(1.0 + x * x)")
elementwise("np.arccosh(x)",  # of complex numbers: the branch of the square root
            x="rt.sdiv(g, np.sqrt(x - 1.0) * np.sqrt(x + 1.0)) if np.iscomplexobj(x) else rt.sdiv(g, np.sqrt(x * x - 1.0))")
elementwise("np.arctanh(x)", x="rt.sdiv(g, 1.0 - x * x)")
elementwise("np.i0(x)", x="g * rt.bessel_i1(x)", rank0="array")
