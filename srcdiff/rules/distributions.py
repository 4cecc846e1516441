"""Densities and distribution functions of ``scipy.stats``. SciPy is imported by the program under study, never from here.

Formulas: the densities' own derivatives; Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994).
"""

from __future__ import annotations

from . import decomposition_shapes as shapes
from .table import elementwise, general

_Z = "((x - loc) / scale)"
_PHI = f"(0.3989422804014327 * np.exp(-0.5 * {_Z} * {_Z}))"
_PSI = "scipy.special.digamma"


def _distribution(name: str, shapes: str = "", **formulas: str) -> None:
    """An element-wise function of ``x``, parameters of shape, ``loc`` and ``scale``."""
    parameters = f"x, {shapes}loc=0, scale=1"
    elementwise(f"scipy.stats.{name}({parameters})", real=True, layout="A", **formulas)


def _of_slope(name: str, slope: str, rest: str, shapes: str = "", **formulas: str) -> None:
    """A function with the derivative ``slope`` in ``x``, and ``-(slope * z + rest)`` in ``scale``."""
    _distribution(name, shapes, x=f"rt.smul(g, {slope})", loc=f"rt.smul(-g, {slope})",
                  scale=f"rt.smul(-g, {slope} * {_Z}{rest})", **formulas)


# The normal distribution.
_of_slope("norm.logpdf", f"(-{_Z} / scale)", " + 1.0 / scale")
_of_slope("norm.pdf", f"(-y * {_Z} / scale)", " + y / scale")
_of_slope("norm.cdf", f"({_PHI} / scale)", "")
_of_slope("norm.sf", f"(-{_PHI} / scale)", "")
_of_slope("norm.logcdf", f"(0.3989422804014327 * np.exp(-0.5 * {_Z} * {_Z} - y) / scale)", "")
_of_slope("norm.logsf", f"(-0.3989422804014327 * np.exp(-0.5 * {_Z} * {_Z} - y) / scale)", "")
elementwise("scipy.stats.norm.ppf(q, loc=0, scale=1)", real=True, layout="A", loc="g", scale="rt.smul(g, (y - loc) / scale)",
            q="rt.smul(g, scale * 2.5066282746310002 * np.exp(0.5 * ((y - loc) / scale) ** 2))")

# Others that likelihoods are made of: the derivative is that inside of the support.
_of_slope("expon.logpdf", "np.where(x >= loc, -1.0 / scale, 0.0)", " + np.where(x >= loc, 1.0 / scale, 0.0)")
_of_slope("laplace.logpdf", "(-np.sign(x - loc) / scale)", " + 1.0 / scale")
_of_slope("cauchy.logpdf", f"(-2.0 * {_Z} / (scale * (1.0 + {_Z} * {_Z})))", " + 1.0 / scale")
_of_slope("logistic.logpdf", f"(-np.tanh(0.5 * {_Z}) / scale)", " + 1.0 / scale")
_of_slope("gamma.logpdf", "((a - 1.0) / (x - loc) - 1.0 / scale)", " + 1.0 / scale", "a, ",
          a=f"rt.smul(g, np.log({_Z}) - {_PSI}(a))")
_of_slope("beta.logpdf", "((a - 1.0) / (x - loc) - (b - 1.0) / (scale - (x - loc)))", " + 1.0 / scale", "a, b, ",
          a=f"rt.smul(g, np.log({_Z}) - {_PSI}(a) + {_PSI}(a + b))",
          b=f"rt.smul(g, np.log1p(-{_Z}) - {_PSI}(b) + {_PSI}(a + b))")
_of_slope("t.logpdf", f"(-(df + 1.0) * {_Z} / (scale * (df + {_Z} * {_Z})))", " + 1.0 / scale", "df, ",
          df=f"rt.smul(0.5 * g, {_PSI}(0.5 * df + 0.5) - {_PSI}(0.5 * df) - 1.0 / df - np.log1p({_Z} * {_Z} / df) "
             f"+ (df + 1.0) * {_Z} * {_Z} / (df * (df + {_Z} * {_Z})))")
elementwise("scipy.stats.poisson.logpmf(k, mu, loc=0)", real=True, layout="A", mu="rt.smul(g, (k - loc) / mu - 1.0)")
elementwise("scipy.stats.bernoulli.logpmf(k, p, loc=0)", real=True, layout="A",
            p="rt.smul(g, (k - loc) / p - (1.0 - (k - loc)) / (1.0 - p))")
elementwise("scipy.stats.binom.logpmf(k, n, p, loc=0)", real=True, layout="A",
            p="rt.smul(g, (k - loc) / p - (n - (k - loc)) / (1.0 - p))")

general("scipy.stats.multivariate_normal.logpdf(x, mean=None, cov=1, allow_singular=False)", shape=shapes.density,
        dtype="float64", layout="C", real=True, static="allow_singular",
        x="rt.density_x_vjp(g, x, mean, cov)",
        mean="rt.density_mean_vjp(g, x, mean, cov)",
        cov="rt.density_cov_vjp(g, x, mean, cov)",
        jvp={"x": "-np.reshape(np.sum(g * rt.scaled_residual(x, mean, cov), axis=-1), np.shape(y))",
             "mean": "np.reshape(np.sum(g * rt.scaled_residual(x, mean, cov), axis=-1), np.shape(y))",
             "cov": "np.reshape(rt.density_cov_jvp(g, x, mean, cov), np.shape(y))"})
