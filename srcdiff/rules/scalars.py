"""Python's own: the math module, conversions, extremes of two numbers."""

from __future__ import annotations

import math

from . import shapes
from .shapes import scalar
from .table import bilinear, constant, elementwise, general, linear

_FLOAT = {"shape": scalar, "dtype": "float64", "rank0": "py"}
_RULES = {
    "sin": "g * math.cos(x)", "cos": "-g * math.sin(x)", "tan": "g * (1.0 + y * y)",
    "asin": "rt.sdiv(g, math.sqrt(1.0 - x * x))", "acos": "-rt.sdiv(g, math.sqrt(1.0 - x * x))", "atan": "g / (1.0 + x * x)",
    "sinh": "g * math.cosh(x)", "cosh": "g * math.sinh(x)", "tanh": "g * (1.0 - y * y)",
    "asinh": "g / math.sqrt(1.0 + x * x)", "acosh": "rt.sdiv(g, math.sqrt(x * x - 1.0))", "atanh": "rt.sdiv(g, 1.0 - x * x)",
    "exp": "g * y", "expm1": "g * (y + 1.0)", "log1p": "rt.sdiv(g, 1.0 + x)",
    "log2": "rt.sdiv(g, x * 0.6931471805599453)", "log10": "rt.sdiv(g, x * 2.302585092994046)",
    "sqrt": "rt.sdiv(0.5 * g, y)", "fabs": "g * math.copysign(1.0, x) if x != 0 else 0.0 * g",
    "erf": "g * (1.1283791670955126 * math.exp(-x * x))", "erfc": "-g * (1.1283791670955126 * math.exp(-x * x))",
    "radians": "g * 0.017453292519943295", "degrees": "g * 57.29577951308232",
}
for _name, _formula in _RULES.items():
    elementwise(f"math.{_name}(x)", x=_formula, **_FLOAT)
if hasattr(math, "exp2"):  # Python 3.11
    elementwise("math.exp2(x)", x="g * (y * 0.6931471805599453)", **_FLOAT)
    elementwise("math.cbrt(x)", x="rt.sdiv(g, 3.0 * y * y)", **_FLOAT)

elementwise("math.log(x, base=None)", **_FLOAT,
            x="rt.sdiv(g, x) if base is None else rt.sdiv(g, x * math.log(base))", base="-g * y / (base * math.log(base))")
elementwise("math.pow(a, b)", **_FLOAT,
            a="g * b * a ** (b - 1) if b >= 1 else rt.sdiv(g * b, a ** (1 - b))",
            b="rt.smul(g * math.log(a), y) if a > 0 else rt.smul(g, rt.smul(y, rt.log_or_zero(a)))")
elementwise("math.atan2(a, b)", a="rt.sdiv(g * b, a * a + b * b)", b="-rt.sdiv(g * a, a * a + b * b)", **_FLOAT)
elementwise("math.hypot(a, b)", a="rt.smul(g, rt.ratio(a, y))", b="rt.smul(g, rt.ratio(b, y))", **_FLOAT)
linear("math.fsum(seq)", seq="np.full(np.shape(seq), g)", shape=lambda facts, seq: (), dtype="float64", rank0="py")
# Of Python floats, from Python 3.12 on: it adds up what rounding loses (Neumaier 1974).
linear("sum(object)", object="g", shape=lambda facts, object: (), dtype="float64", rank0="py")
general("math.dist(p, q)", p="rt.smul(g, rt.ratio(np.subtract(p, q), y))", q="rt.smul(-g, rt.ratio(np.subtract(p, q), y))",
        jvp={"p": "np.dot(g, rt.ratio(np.subtract(p, q), y))", "q": "-np.dot(g, rt.ratio(np.subtract(p, q), y))"},
        shape=lambda facts, p, q: (), dtype="float64", rank0="py")
if hasattr(math, "sumprod"):  # Python 3.12
    bilinear("math.sumprod(p, q)", p="g * q", q="g * p", shape=lambda facts, p, q: (), dtype="float64", rank0="py")
elementwise("math.fmod(a, b)", a="g", b="-g * math.trunc(a / b)", **_FLOAT)
elementwise("math.remainder(a, b)", a="g", b="-g * math.floor((a - y) / b + 0.5)", **_FLOAT)
elementwise("math.ldexp(x, exponent)", x="g * 2.0 ** exponent", **_FLOAT)
elementwise("math.lgamma(x)", x="g * rt.digamma(x)", **_FLOAT)
elementwise("math.gamma(x)", x="g * (y * rt.digamma(x))", **_FLOAT)
elementwise("rt.digamma(x)", x="g * rt.trigamma(x)", **_FLOAT)
elementwise("math.copysign(a, b)", a="g * math.copysign(1.0, a) * math.copysign(1.0, y)", b="0.0 * g", **_FLOAT)

_INT = {"shape": scalar, "dtype": "int64", "rank0": "py"}
_BOOL = {"shape": scalar, "dtype": "bool", "rank0": "py"}
for _name in ("floor", "ceil", "trunc"):
    constant(f"math.{_name}(x)", **_INT)
for _name in ("isnan", "isinf", "isfinite"):
    constant(f"math.{_name}(x)", **_BOOL)
constant("math.isqrt(n)", **_INT)
constant("math.factorial(n)", **_INT)
constant("math.comb(n, k)", **_INT)
constant("math.perm(n, k=None)", **_INT)
constant("math.gcd(a, b)", **_INT)
constant("math.lcm(a, b)", **_INT)
constant("math.isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", **_BOOL)

linear("float(x)", x="g", **_FLOAT)
linear("item(x)", x="np.broadcast_to(g, np.shape(x))", shape=shapes.python_scalar)
elementwise("complex(real, imag=0.0)", real="g", imag="g * 1j", shape=scalar, dtype="complex128", rank0="py")
constant("int(x)", **_INT)
constant("bool(x)", **_BOOL)
constant("not(x)", **_BOOL)
constant("is(a, b)", **_BOOL)
constant("round(number, ndigits=None)", shape=shapes.rounded)
for _name in ("float64", "float32", "int64", "int32"):
    linear(f"np.{_name}(x)", x="g", shape=shapes.broadcast, dtype="evaluated")

# Python keeps the first operand at ties.
elementwise("max(a, b)", a="0.0 * g if b > a else g", b="g if b > a else 0.0 * g", shape=scalar, dtype="promoted", rank0="py")
elementwise("min(a, b)", a="0.0 * g if b < a else g", b="g if b < a else 0.0 * g", shape=scalar, dtype="promoted", rank0="py")
