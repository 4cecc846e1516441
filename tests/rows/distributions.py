"""SciPy's distributions."""

from __future__ import annotations

import scipy.stats  # noqa: F401 (the program under study imports it; srcdiff never does)

from .declare import Num, row

SHAPES = [((), (), ()), ((3,), (3,), (3,)), ((2, 3), (3,), ()), ((2, 1), (1, 3), ()), ((0,), (), ()), ((1,), (3,), (1,))]
METHODS = {
    "norm": "logpdf pdf cdf sf logcdf logsf", "laplace": "logpdf", "cauchy": "logpdf", "logistic": "logpdf", "expon": "logpdf",
}
for _name, _methods in METHODS.items():
    for _method in _methods.split():
        _fun = f"scipy.stats.{_name}.{_method}"
        for _x, _loc, _scale in SHAPES:
            row(_fun, Num(_x, 1.1, 2.5), Num(_loc, -0.5, 0.9), Num(_scale, 0.6, 1.5))
        row(_fun, Num((3,), 0.3, 2.5))
        row(_fun, Num((2, 3), 1.1, 2.5, form="F"), Num((), 0.1, 0.5, form="py"))
        row(_fun, Num((), 1.1, 2.5, form="np"), 0.0, Num((3,), 0.6, 1.5, form="strided"))
row("scipy.stats.norm.ppf", Num((3,), 0.1, 0.9), Num((3,), -0.5, 0.9), Num((), 0.6, 1.5, form="py"))
for _x, _loc, _scale in SHAPES:
    row("scipy.stats.gamma.logpdf", Num(_x, 1.1, 2.5), Num((), 1.2, 3.0), Num(_loc, -0.5, 0.9), Num(_scale, 0.6, 1.5))
    row("scipy.stats.t.logpdf", Num(_x, 1.1, 2.5), Num(_loc, 1.2, 3.0), Num((), -0.5, 0.9), Num(_scale, 0.6, 1.5))
    row("scipy.stats.beta.logpdf", Num(_x, 0.2, 0.8), Num(_loc, 1.2, 3.0), Num((), 0.7, 1.9), Num((), -0.2, 0.1),
        Num(_scale, 1.1, 1.5))
row("scipy.stats.poisson.logpmf", 3, Num((3,), 0.5, 4.0))
row("scipy.stats.bernoulli.logpmf", 1, Num((3,), 0.1, 0.9))
row("scipy.stats.binom.logpmf", 3, 5, Num((3,), 0.1, 0.9))
for _points in ((3,), (4, 3), (1, 3)):
    row("scipy.stats.multivariate_normal.logpdf", Num(_points), Num((3,)), Num((3, 3), form="spd"))
row("scipy.stats.multivariate_normal.logpdf", Num((1,)), Num((1,)), Num((1, 1), form="spd"), True)
row("scipy.stats.multivariate_normal.logpdf", Num((3,)), None, Num((3, 3), form="spd"))
