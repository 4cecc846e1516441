"""Python's own functions and the math module's."""

from __future__ import annotations

from srcdiff.ir.ops import OPS

from .declare import Num, row

MATH = {
    (-1.5, 1.5): "sin cos tan atan sinh cosh tanh asinh exp expm1 fabs erf erfc radians degrees exp2 floor ceil trunc "
                 "isnan isinf isfinite",
    (0.3, 3.0): "log log1p log2 log10 sqrt cbrt",
    (-0.9, 0.9): "asin acos atanh",
    (1.2, 3.0): "acosh lgamma gamma",
    (-2.7, -2.2): "lgamma gamma",
}
for _domain, _names in MATH.items():
    for _name in _names.split():
        if f"math.{_name}" in OPS:
            row(f"math.{_name}", Num((), *_domain, form="py"))
            if _name != "trunc":  # np.float32 has no __trunc__
                row(f"math.{_name}", Num((), *_domain, form="np"))
for _name in ("atan2", "hypot", "pow", "fmod", "copysign", "log"):
    row(f"math.{_name}", Num((), 1.2, 2.0, form="py"), Num((), 1.2, 2.0, form="py"))
row("math.pow", Num((), 1.2, 2.0, form="py"), 3)
row("math.remainder", Num((), 4.2, 5.0, form="py"), Num((), 1.2, 1.3, form="py"))
row("math.ldexp", Num(form="py"), 3)
row("math.isclose", Num(form="py"), Num(form="py"))
row("math.fmod", Num((), 4.2, 5.0, form="py"), Num((), 1.2, 2.0, form="py"))
for _name in ("isqrt", "factorial"):
    row(f"math.{_name}", 5)
for _name in ("comb", "gcd", "lcm", "perm"):
    row(f"math.{_name}", 6, 2)
for _name in ("float", "int", "bool", "not", "round"):
    row(_name, Num(form="py"))
    row(_name, Num(form="np"))
row("round", Num(form="py"), 1)
row("item", Num((1,)))
row("item", Num(form="np"))
row("is", True, True)
for _name in ("max", "min"):
    row(_name, Num(form="py"), Num(form="py"))
    row(_name, Num(form="py"), 0.0)
row("max", Num((), -1.0, 0.0, form="py"), Num((), 1.0, 2.0, form="py"))
row("min", Num((), 1.0, 2.0, form="py"), Num((), -1.0, 0.0, form="py"))
row("math.fsum", Num((3,)))
row("sum", (Num(form="py"), Num(form="py"), Num(form="py")))
row("math.dist", Num((3,), 1.2, 2.0), Num((3,), -0.5, 0.7))
