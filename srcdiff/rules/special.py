"""SciPy's special functions. SciPy is imported by the program under study, never from here.

Formulas: Olver et al., NIST Handbook of Mathematical Functions (2010), chapters 5 to 8, 10, 13 and 15.
"""

from __future__ import annotations

import re

from .shapes import like_first, of_integers, reduced
from .table import constant, elementwise, general


def _special(signature: str, **formulas: str) -> None:
    """An element-wise function; in its formulas ``S.`` stands for ``scipy.special.``."""
    whole = {param: re.sub(r"\bS\.", "scipy.special.", text) for param, text in formulas.items()}
    elementwise(f"scipy.special.{signature}", **whole, real=True)


# -- error functions and the normal distribution -----------------------------------------------------------------------

_special("erf(x)", x="g * (1.1283791670955126 * np.exp(-x * x))")
_special("erfc(x)", x="-g * (1.1283791670955126 * np.exp(-x * x))")
_special("erfi(x)", x="rt.smul(g, 1.1283791670955126 * np.exp(x * x))")
_special("erfcx(x)", x="rt.smul(g, 2.0 * x * y - 1.1283791670955126)")
_special("dawsn(x)", x="g * (1.0 - 2.0 * x * y)")
_special("erfinv(x)", x="rt.smul(g, 0.886226925452758 * np.exp(y * y))")
_special("erfcinv(x)", x="-rt.smul(g, 0.886226925452758 * np.exp(y * y))")
_special("ndtr(x)", x="g * (0.3989422804014327 * np.exp(-0.5 * x * x))")
_special("ndtri(x)", x="rt.smul(g, 2.5066282746310002 * np.exp(0.5 * y * y))")
_special("log_ndtr(x)", x="g * (0.7978845608028654 / S.erfcx(-0.7071067811865476 * x))")
_special("stdtr(df, t)", t="g * np.exp(S.gammaln(0.5 * df + 0.5) - S.gammaln(0.5 * df) - 0.5 * np.log(3.141592653589793 * df) "
                           "- (0.5 * df + 0.5) * np.log1p(t * t / df))")

# -- exponentials, logarithms, entropies -------------------------------------------------------------------------------

_special("expit(x)", x="g * y * (1.0 - y)")
_special("logit(x)", x="rt.sdiv(g, x * (1.0 - x))")
_special("log_expit(x)", x="g * S.expit(-x)")
_special("expm1(x)", x="rt.smul(g, y + 1.0)")
_special("log1p(x)", x="rt.sdiv(g, 1.0 + x)")
_special("exp2(x)", x="rt.smul(g, y * 0.6931471805599453)")
_special("exp10(x)", x="rt.smul(g, y * 2.302585092994046)")
_special("cbrt(x)", x="rt.sdiv(g, 3.0 * y * y)")
_special("cosm1(x)", x="-g * np.sin(x)")
_special("sindg(x)", x="g * (0.017453292519943295 * S.cosdg(x))")
_special("cosdg(x)", x="-g * (0.017453292519943295 * S.sindg(x))")
_special("tandg(x)", x="rt.smul(g, 0.017453292519943295 * (1.0 + y * y))")
_special("xlogy(a, b)", a="rt.smul(g, S.xlogy(np.ones_like(a), b))", b="rt.sdiv(g * a, b)")
_special("xlog1py(a, b)", a="rt.smul(g, S.xlog1py(np.ones_like(a), b))", b="rt.sdiv(g * a, 1.0 + b)")
_special("entr(x)", x="-rt.smul(g, S.xlogy(np.ones_like(x), x) + 1.0)")
_special("rel_entr(a, b)", a="rt.smul(g, S.xlogy(np.ones_like(a), rt.ratio(a, b)) + 1.0)", b="-rt.sdiv(g * a, b)")
_special("kl_div(a, b)", a="rt.smul(g, S.xlogy(np.ones_like(a), rt.ratio(a, b)))", b="g - rt.sdiv(g * a, b)")
_special("huber(delta, r)", r="g * np.clip(r, -delta, delta)", delta="g * np.maximum(np.absolute(r) - delta, 0.0)")
_special("pseudo_huber(delta, r)", r="g * r / np.hypot(1.0, r / delta)",
         delta="g * (2.0 * delta * (np.hypot(1.0, r / delta) - 1.0) - r * r / (delta * np.hypot(1.0, r / delta)))")
_special("boxcox(x, lmbda)", x="rt.smul(g, np.power(x, lmbda - 1.0))")
_special("exp1(x)", x="-rt.sdiv(g * np.exp(-x), x)")
_special("expi(x)", x="rt.sdiv(g * np.exp(x), x)")
_special("expn(n, x)", x="-rt.smul(g, S.expn(n - 1, x))")
_special("wrightomega(z)", z="g * y / (1.0 + y)")

_WHOLE = "(y if axis is None or keepdims else np.expand_dims(y, axis))"
_BAR = "(g if axis is None or keepdims else np.expand_dims(g, axis))"
_SHARE = f"rt.exp_below(a, {_WHOLE})"
general("scipy.special.logsumexp(a, axis=None, b=None, keepdims=False)", shape=reduced, dtype="evaluated", real=True,
        a=f"rt.smul({_BAR}, {_SHARE} if b is None else b * {_SHARE})", b=f"rt.smul({_BAR}, {_SHARE})",
        jvp={"a": f"np.sum(rt.smul(g, {_SHARE} if b is None else b * {_SHARE}), axis, keepdims=keepdims)",
             "b": f"np.sum(rt.smul(g, {_SHARE}), axis, keepdims=keepdims)"})
_SOFTMAX = "y * (g - np.sum(g * y, axis, keepdims=True))"
general("scipy.special.softmax(x, axis=None)", shape=like_first, dtype="evaluated", x=_SOFTMAX, jvp={"x": _SOFTMAX},
        rank0="array", layout="A", real=True)
general("scipy.special.log_softmax(x, axis=None)", shape=like_first, dtype="evaluated", rank0="array", layout="A", real=True,
        x="g - np.exp(y) * np.sum(g, axis, keepdims=True)", jvp={"x": "g - np.sum(np.exp(y) * g, axis, keepdims=True)"})

# -- gamma and beta functions, their integrals and inverses ------------------------------------------------------------

for _name in ("gammaln", "loggamma"):
    _special(f"{_name}(x)", x="rt.smul(g, S.digamma(x))")
_special("gamma(x)", x="rt.smul(g, y * S.digamma(x))")
_special("rgamma(x)", x="-rt.smul(g, y * S.digamma(x))")
_special("digamma(x)", x="rt.smul(g, S.polygamma(1, x))")
_special("polygamma(n, x)", x="rt.smul(g, S.polygamma(n + 1, x))")
_special("zeta(x, q=None)", q="-rt.smul(g, x * S.zeta(x + 1.0, q))")
_special("beta(a, b)", a="g * y * (S.digamma(a) - S.digamma(a + b))", b="g * y * (S.digamma(b) - S.digamma(a + b))")
_special("betaln(a, b)", a="g * (S.digamma(a) - S.digamma(a + b))", b="g * (S.digamma(b) - S.digamma(a + b))")

_special("poch(a, m)", a="g * y * (S.digamma(a + m) - S.digamma(a))", m="g * y * S.digamma(a + m)")

_BETA = "S.xlogy(a - 1.0, {0}) + S.xlog1py(b - 1.0, -{0}) - S.betaln(a, b)"
_special("betainc(a, b, x)", x=f"rt.smul(g, np.exp({_BETA.format('x')}))")
_special("betaincc(a, b, x)", x=f"-rt.smul(g, np.exp({_BETA.format('x')}))")
_special("betaincinv(a, b, x)", x=f"rt.smul(g, np.exp(-({_BETA.format('y')})))")
_GAMMA = "S.xlogy(a - 1.0, {0}) - {0} - S.gammaln(a)"
_special("gammainc(a, x)", x=f"rt.smul(g, np.exp({_GAMMA.format('x')}))")
_special("gammaincc(a, x)", x=f"-rt.smul(g, np.exp({_GAMMA.format('x')}))")
_special("gammaincinv(a, x)", x=f"rt.smul(g, np.exp(-({_GAMMA.format('y')})))")
_special("gammainccinv(a, x)", x=f"-rt.smul(g, np.exp(-({_GAMMA.format('y')})))")

# -- Bessel functions, by x; their orders are not differentiable -------------------------------------------------------

_special("j0(x)", x="-g * S.j1(x)")
_special("j1(x)", x="g * (0.5 * (S.j0(x) - S.jv(2, x)))")
_special("y0(x)", x="-rt.smul(g, S.y1(x))")
_special("y1(x)", x="rt.smul(g, 0.5 * (S.y0(x) - S.yv(2, x)))")
_special("i0(x)", x="g * S.i1(x)")
_special("i1(x)", x="g * (0.5 * (S.i0(x) + S.iv(2, x)))")
_special("i0e(x)", x="g * (S.i1e(x) - np.sign(x) * y)")
_special("i1e(x)", x="g * (0.5 * (S.i0e(x) + S.ive(2, x)) - np.sign(x) * y)")
_special("k0(x)", x="-rt.smul(g, S.k1(x))")
_special("k1(x)", x="-rt.smul(g, 0.5 * (S.k0(x) + S.kv(2, x)))")
_special("k0e(x)", x="rt.smul(g, y - S.k1e(x))")
_special("k1e(x)", x="rt.smul(g, y - 0.5 * (S.k0e(x) + S.kve(2, x)))")
for _name in ("jv", "jve"):
    _special(f"{_name}(v, x)", x=f"g * (0.5 * (S.{_name}(v - 1, x) - S.{_name}(v + 1, x)))")
_special("iv(v, x)", x="g * (0.5 * (S.iv(v - 1, x) + S.iv(v + 1, x)))")
_special("ive(v, x)", x="g * (0.5 * (S.ive(v - 1, x) + S.ive(v + 1, x)) - np.sign(x) * y)")
for _name in ("yv", "yn"):
    _special(f"{_name}(v, x)", x="rt.smul(g, 0.5 * (S.yv(v - 1, x) - S.yv(v + 1, x)))")
for _name in ("kv", "kn"):
    _special(f"{_name}(v, x)", x="-rt.smul(g, 0.5 * (S.kv(v - 1, x) + S.kv(v + 1, x)))")
_special("kve(v, x)", x="rt.smul(g, y - 0.5 * (S.kve(v - 1, x) + S.kve(v + 1, x)))")

# -- hypergeometric functions, by their last argument ------------------------------------------------------------------

_special("hyp0f1(v, z)", z="g * S.hyp0f1(v + 1.0, z) / v")
_special("hyp1f1(a, b, x)", x="g * (a / b * S.hyp1f1(a + 1.0, b + 1.0, x))")
_special("hyp2f1(a, b, c, z)", z="rt.smul(g, a * b / c * S.hyp2f1(a + 1.0, b + 1.0, c + 1.0, z))")

# -- counting ----------------------------------------------------------------------------------------------------------

constant("scipy.special.comb(N, k, *, exact=False, repetition=False)", static="exact repetition", shape=of_integers)
constant("scipy.special.perm(N, k, exact=False)", static="exact", shape=of_integers)
constant("scipy.special.factorial(n, exact=False)", static="exact", shape=of_integers)
constant("scipy.special.binom(n, k)", shape=of_integers)
