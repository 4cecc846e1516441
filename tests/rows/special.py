"""SciPy's special functions."""

from __future__ import annotations

from dataclasses import replace

import scipy.special  # noqa: F401 (the program under study imports it; srcdiff never does)

from .declare import Num, row

SHAPES = [Num(), Num(form="np"), Num(form="py"), Num((4,)), Num((2, 3)), Num((0,)), Num((1,)), Num((4,), form="strided"),
          Num((2, 3), form="F")]
UNARY = {
    (-1.5, 1.5): "erf erfc erfi erfcx dawsn ndtr log_ndtr expit log_expit expm1 exp2 exp10 cbrt cosm1 sindg cosdg tandg j0 j1 "
                 "i0 i1 i0e i1e wrightomega",
    (0.1, 0.9): "erfinv erfcinv ndtri logit log1p entr",
    (0.5, 3.0): "gammaln loggamma gamma rgamma digamma y0 y1 k0 k1 k0e k1e exp1 expi",
}
for _domain, _names in UNARY.items():
    for _name in _names.split():
        for _shape in SHAPES:
            row(f"scipy.special.{_name}", replace(_shape, lo=_domain[0], hi=_domain[1]))
row("scipy.special.erf", Num((3,), 1, 3, dtype="int64"))

PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((0,), (0,)), ((1,), (1,))]
for _name in ("xlogy", "xlog1py", "rel_entr", "kl_div", "beta", "betaln", "poch", "huber",
              "pseudo_huber"):
    for _left, _right in PAIRS:
        row(f"scipy.special.{_name}", Num(_left, 0.3, 2.0), Num(_right, 0.4, 2.5))
    row(f"scipy.special.{_name}", Num((2, 3), 0.3, 2.0, form="F"), Num((), 0.4, 2.5, form="py"))
    row(f"scipy.special.{_name}", Num((), 0.3, 2.0, form="np"), Num((3,), 0.4, 2.5, form="strided"))

# the first parameters are no variables
PARAMETERS = {
    "boxcox": (), "polygamma": (1,), "zeta": (2.5,), "expn": (2,), "stdtr": (3.0,),
    "betainc": (2.0, 1.5), "betaincc": (2.0, 1.5), "betaincinv": (2.0, 1.5), "gammainc": (1.5,), "gammaincc": (1.5,),
    "gammaincinv": (1.5,), "gammainccinv": (1.5,), "hyp0f1": (1.5,), "hyp1f1": (1.0, 2.0), "hyp2f1": (1.0, 2.0, 3.0),
    "jv": (2,), "jve": (1.5,), "iv": (1,), "ive": (0.5,), "yv": (1.5,), "yn": (2,), "kv": (0.5,), "kn": (2,), "kve": (1,),
}
for _name, _fixed in PARAMETERS.items():
    for _shape in SHAPES:
        _x = replace(_shape, lo=0.2, hi=0.8)
        row(f"scipy.special.{_name}", *((_x, 0.5) if _name == "boxcox" else (*_fixed, _x)))

for _shape, _axis in (((4,), None), ((4,), 0), ((2, 3), None), ((2, 3), 1), ((2, 1, 3), 0), ((1,), 0)):
    row("scipy.special.logsumexp", Num(_shape), _axis)
    row("scipy.special.logsumexp", Num(_shape), _axis, None, True)
    row("scipy.special.softmax", Num(_shape), _axis)
    row("scipy.special.log_softmax", Num(_shape), _axis)
for _name in ("logsumexp", "softmax", "log_softmax"):
    row(f"scipy.special.{_name}", Num((3, 4), form="F"), 0)
    row(f"scipy.special.{_name}", Num((3, 4), form="strided"), -1)
row("scipy.special.logsumexp", Num((2, 3, 2)), (0, -1))
row("scipy.special.logsumexp", Num((2, 3)), 1, Num((2, 3), 0.5, 2.0))
row("scipy.special.logsumexp", Num((2, 3)), None, Num((3,), 0.5, 2.0), True)

row("scipy.special.comb", 5, 2)
row("scipy.special.comb", 5, 2, True)
row("scipy.special.comb", Num((3,), 3, 6, dtype="int64"), 2)
row("scipy.special.perm", 5, 2)
row("scipy.special.factorial", 5)
row("scipy.special.factorial", 5, True)
row("scipy.special.binom", 5, 2)
