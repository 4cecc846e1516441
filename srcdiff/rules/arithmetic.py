"""Arithmetic: operators and their functions, rounding, extremes of two operands."""

from __future__ import annotations

import operator

from .shapes import fraction_and_integer, part
from .table import constant, elementwise, general, linear

elementwise("np.add(a, b)", a="g", b="g", python=operator.add)
elementwise("np.subtract(a, b)", a="g", b="-g", python=operator.sub)
elementwise("np.multiply(a, b)", a="g * b", b="g * a", python=operator.mul)
elementwise("np.divide(a, b)", a="rt.sdiv(g, b)", b="-rt.smul(rt.sdiv(g, b), y)", python=operator.truediv)
elementwise("np.negative(x)", x="-g", python=operator.neg)
elementwise("np.positive(x)", x="g", python=operator.pos)

# By the base: a division for exponents below 1, which is quiet at 0. The comparison folds away for a literal exponent.
# By the exponent: 0 where the base is 0 (the limit), NaN where it is negative (the power is not defined around it).
_BY_EXPONENT = "rt.smul(g, rt.smul(y, np.log(a) if np.iscomplexobj(a) else rt.log_or_zero(a)))"
elementwise("np.power(a, b)", python=operator.pow,
            a="rt.smul(g, b * np.power(a, b - 1)) if np.iscomplexobj(b) else rt.power_vjp(g, a, b) if np.ndim(b) > 0 else "
              "g * b * a ** (b - 1) if b >= 1 else g * b if isinstance(b, int) and b == 0 else "
              "rt.sdiv(g * b, a ** (1 - b))",
            b=f"rt.smul(g * math.log(a), y) if np.ndim(a) == 0 and not np.iscomplexobj(a) and a > 0 else {_BY_EXPONENT}")
elementwise("np.float_power(a, b)", b=_BY_EXPONENT,
            a="rt.smul(g, b * np.float_power(a, b - 1)) if np.iscomplexobj(b) else rt.power_vjp(g, a, b)")

constant("np.floor_divide(a, b)", python=operator.floordiv)
elementwise("np.remainder(a, b)", a="g", b="-rt.smul(g, np.floor_divide(a, b))", python=operator.mod)
elementwise("np.fmod(a, b)", a="g", b="-rt.smul(g, np.trunc(a / b))")

elementwise("np.square(x)", x="g * 2.0 * x")
elementwise("np.reciprocal(x)", x="-rt.smul(g, y * y)")
_ABSOLUTE = "rt.smul(g, rt.ratio(np.conjugate(x), y)) if np.iscomplexobj(x) else g * np.sign(x)"
elementwise("np.absolute(x)", x=_ABSOLUTE, python=abs)
elementwise("abs(x)", x=_ABSOLUTE)  # of a complex NumPy scalar: it rounds otherwise than np.absolute
elementwise("np.fabs(x)", x="g * np.sign(x)")
elementwise("np.copysign(a, b)", a="g * np.sign(a) * np.sign(y)", b="np.zeros_like(g)")
constant("np.sign(x)", real=True)
elementwise("np.heaviside(a, b)", a="np.zeros_like(g)", b="np.where(a == 0, g, 0.0)")
elementwise("np.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)", static="copy", dtype="same", real=True,
            x="np.where(np.isfinite(x), g, 0.0)")
elementwise("np.ldexp(a, b)", a="np.ldexp(g, b)")
elementwise("np.nextafter(a, b)", a="g", b="np.zeros_like(g)")
constant("np.spacing(x)")
general("np.modf(x)", x="g[0]", jvp={"x": "(g, np.zeros_like(y[1]))"}, shape=fraction_and_integer)

# At ties both operands get half, as in JAX; the halves are worked out once for both.
_HALVED = "np.where(a == b, 0.5 * g, g)"
elementwise("np.maximum(a, b)", real=True, a=f"np.where(a >= b, {_HALVED}, 0.0)", b=f"np.where(b >= a, {_HALVED}, 0.0)")
elementwise("np.minimum(a, b)", real=True, a=f"np.where(a <= b, {_HALVED}, 0.0)", b=f"np.where(b <= a, {_HALVED}, 0.0)")

# The same, but of a number and a NaN the number counts.
elementwise("np.fmax(a, b)",
            a="np.where(a == b, 0.5 * g, np.where((a > b) | (np.isnan(b) & ~np.isnan(a)), g, 0.0))",
            b="np.where(a == b, 0.5 * g, np.where((b > a) | (np.isnan(a) & ~np.isnan(b)), g, 0.0))")
elementwise("np.fmin(a, b)",
            a="np.where(a == b, 0.5 * g, np.where((a < b) | (np.isnan(b) & ~np.isnan(a)), g, 0.0))",
            b="np.where(a == b, 0.5 * g, np.where((b < a) | (np.isnan(a) & ~np.isnan(b)), g, 0.0))")

# On a bound the argument passes and the bound does not; where the bounds cross, the upper one wins as in NumPy.
elementwise("np.clip(a, a_min, a_max)", real=True,
            a="np.where(a <= a_max, g, 0.0) if a_min is None else np.where(a >= a_min, g, 0.0) if a_max is None else "
              "np.where((a >= a_min) & (a <= a_max), g, 0.0)",
            a_min="np.where(a < a_min, g, 0.0) if a_max is None else np.where((a < a_min) & (a_min <= a_max), g, 0.0)",
            a_max="np.where(a > a_max, g, 0.0) if a_min is None else np.where(np.maximum(a, a_min) > a_max, g, 0.0)")

for _name in ("floor", "ceil", "rint", "trunc", "fix"):
    constant(f"np.{_name}(x)")
constant("np.round(a, decimals=0)")

# Complex numbers. An adjoint is the derivative by the real part minus 1j times that by the imaginary part, so that a rule for
# a function that is analytic is the same as for real numbers, and nothing is conjugated but by the functions that are not.
elementwise("np.conjugate(x)", x="np.conjugate(g)")
linear("np.real(x)", x="g", shape=part)
linear("np.imag(x)", x="g * -1j", shape=part)
elementwise("np.angle(z, deg=False)", static="deg",
            z="rt.sdiv(g * (57.29577951308232 if deg else 1.0), z) * -1j if np.iscomplexobj(z) else np.zeros_like(g)")
