"""Complex numbers on the way from real numbers to real ones: in every program a complex argument is made of two real ones."""

from __future__ import annotations

from dataclasses import replace

from .declare import Num, row

Z = Num(dtype="complex128")
SHAPES = [Z, replace(Z, form="np"), replace(Z, form="py"), replace(Z, shape=(4,)), replace(Z, shape=(2, 3)),
          replace(Z, shape=(0,)), replace(Z, shape=(1,)), replace(Z, shape=(4,), form="strided"),
          replace(Z, shape=(2, 3), form="F")]
for _name in ("absolute", "conjugate", "real", "imag", "angle", "exp", "log", "sqrt", "sin", "cos", "tanh", "sinh", "cosh",
              "square", "reciprocal", "negative", "arctan", "expm1", "log1p"):
    for _shape in SHAPES:
        if not (_name in ("conjugate", "real", "imag", "angle") and _shape.form == "py"):
            row(f"np.{_name}", replace(_shape, lo=0.3, hi=1.1))
for _name in ("arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "sqrt", "log", "tan", "exp2", "log2", "log10",
              "sinc"):
    row(f"np.{_name}", replace(Z, shape=(6,), lo=-1.5, hi=1.5))
row("np.float_power", replace(Z, shape=(3,), lo=0.5, hi=1.5), replace(Z, shape=(3,), lo=0.5, hi=1.5))
row("np.gradient", replace(Z, shape=(4,)), Num((4,), form="grid"), 0)
row("np.cumsum", replace(Z, shape=(3,)))
row("np.angle", Num((3,), -2.0, 2.0))
row("np.angle", replace(Z, shape=(3,)), True)
row("abs", replace(Z, form="np"))
row("abs", replace(Z, shape=(2, 3)))

PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((0,), (0,))]
for _name in ("add", "subtract", "multiply", "divide", "power"):
    for _left, _right in PAIRS:
        row(f"np.{_name}", replace(Z, shape=_left, lo=0.5, hi=1.5), Num(_right, 0.5, 1.5))
        row(f"np.{_name}", Num(_left, 0.5, 1.5), replace(Z, shape=_right, lo=0.5, hi=1.5))
        row(f"np.{_name}", replace(Z, shape=_left, lo=0.5, hi=1.5), replace(Z, shape=_right, lo=0.5, hi=1.5))
row("np.power", replace(Z, shape=(3,), lo=0.5, hi=1.5), -0.5)

for _name in ("sum", "mean", "prod", "var", "std"):
    row(f"np.{_name}", replace(Z, shape=(4,)))
    row(f"np.{_name}", replace(Z, shape=(2, 3)), 0)
    row(f"np.{_name}", replace(Z, shape=(2, 3), form="F"), 1)
row("np.cumsum", replace(Z, shape=(2, 3)), 1)
row("np.cumprod", replace(Z, shape=(4,)), 0)
for _left, _right in (((3,), (3,)), ((2, 3), (3, 2)), ((2, 2, 3), (3,))):
    row("np.matmul", replace(Z, shape=_left), replace(Z, shape=_right))
    row("np.dot", replace(Z, shape=_left), Num(_right))
for _left, _right in ((Z, Z), (Z, Num()), (Num(), Z)):  # the first one is conjugated
    row("np.vdot", replace(_left, shape=(2, 3)), replace(_right, shape=(2, 3)))
    row("np.vecdot", replace(_left, shape=(2, 3)), replace(_right, shape=(3,)))
    row("np.vecmat", replace(_left, shape=(3,)), replace(_right, shape=(2, 3, 2)))
row("np.outer", replace(Z, shape=(3,)), replace(Z, shape=(2,)))
row("np.einsum", "ij,jk->ik", (replace(Z, shape=(2, 3)), replace(Z, shape=(3, 2))))
row("np.where", Num((3,), 0, 2, dtype="int64"), replace(Z, shape=(3,)), Num((3,)))
row("np.trace", replace(Z, shape=(3, 3)))
row("np.linalg.solve", replace(Z, shape=(3, 3)), replace(Z, shape=(3,)))
for _name in ("inv", "det", "slogdet"):
    row(f"np.linalg.{_name}", replace(Z, shape=(2, 3, 3)))
    row(f"np.linalg.{_name}", replace(Z, shape=(1, 1)))
for _ord in (None, 2):
    row("np.linalg.norm", replace(Z, shape=(4,)), _ord)
    row("np.linalg.norm", replace(Z, shape=(2, 3)), _ord, 1, True)
row("np.linalg.norm", replace(Z, shape=(2, 3)), "fro")
row("np.linalg.norm", replace(Z, shape=(2, 2, 3)), None, (0, 2))
row("np.linalg.norm", replace(Z, shape=(0,)))
row("np.diff", replace(Z, shape=(4,)))
row("np.convolve", replace(Z, shape=(4,)), replace(Z, shape=(2,)), "same")
row("np.correlate", replace(Z, shape=(4,)), replace(Z, shape=(2,)), "same")
row("np.correlate", replace(Z, shape=(2,)), replace(Z, shape=(4,)), "full")
row("np.polyval", replace(Z, shape=(3,)), replace(Z, shape=(2,)))
row("np.stack", (replace(Z, shape=(3,)), Num((3,))))
row("np.reshape", replace(Z, shape=(2, 3)), (3, 2))
row("complex", Num(form="py"), Num(form="py"))
row("complex", Num(form="np"), Num(form="np"))
