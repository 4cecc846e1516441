"""Operations that act on each element."""

from __future__ import annotations

from dataclasses import replace

from .declare import Num, row

UNARY = {
    (-2.0, 2.0): "negative positive exp expm1 exp2 sin cos arctan sinh cosh tanh arcsinh absolute fabs square deg2rad rad2deg "
                 "conjugate sign isnan isfinite isinf signbit cbrt degrees radians sinc i0 isneginf isposinf isreal iscomplex "
                 "spacing",
    (0.3, 3.0): "log log1p log2 log10 sqrt reciprocal",
    (-0.9, 0.9): "arcsin arccos arctanh tan",
    (1.2, 3.0): "arccosh",
    (0.1, 0.4): "floor ceil rint trunc round fix modf",
}
SHAPES = [Num(), Num(form="np"), Num(form="py"), Num((4,)), Num((2, 3)), Num((0,)), Num((1,)), Num((4,), form="strided"),
          Num((2, 3), form="F")]
for _domain, _names in UNARY.items():
    for _name in _names.split():
        for _shape in SHAPES:
            if not (_name in ("conjugate", "sinc") and _shape.form == "py"):
                row(f"np.{_name}", replace(_shape, lo=_domain[0], hi=_domain[1]))
for _name in ("sin", "sqrt", "negative", "absolute", "exp"):
    row(f"np.{_name}", Num((3,), 1, 5, dtype="int64"))

BINARY = {
    (-2.0, 2.0): "add subtract multiply maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2 copysign heaviside less "
                 "less_equal greater "
                 "greater_equal equal not_equal logical_and logical_or logical_xor",
    (0.5, 2.5): "divide power float_power floor_divide remainder fmod",
}
PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((1,), (4,)), ((0,), (0,)),
         ((0, 1), (1, 3)), ((1,), (1,))]
for _domain, _names in BINARY.items():
    for _name in _names.split():
        for _left, _right in PAIRS:
            row(f"np.{_name}", Num(_left, *_domain), Num(_right, *_domain))
        for _form in ("py", "np"):
            row(f"np.{_name}", Num((), *_domain, form=_form), Num((), *_domain, form=_form))
            row(f"np.{_name}", Num((2, 3), *_domain), Num((), *_domain, form=_form))
        row(f"np.{_name}", Num((), *_domain, form="py"), Num((), *_domain, form="np"))
        row(f"np.{_name}", Num((3,), *_domain, form="strided"), Num((2, 3), *_domain, form="F"))
        row(f"np.{_name}", Num((3,), *_domain), Num((3,), 1, 4, dtype="int64"))
for _name in ("add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power"):
    for _form in ("py", "np"):
        row(f"np.{_name}", Num((), 1, 4, form=_form, dtype="int64"), Num((), 1, 4, form="py", dtype="int64"))
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift"):
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"), Num((), 1, 4, form="py", dtype="int64"))
row("np.invert", Num((3,), 1, 4, dtype="int64"))
row("np.logical_not", Num((3,)))
for _exponent in (2, 3, 1, 0.5, -1, -1.5, 2.0, 0):
    row("np.power", Num((3,), 0.5, 2.0), _exponent)
    row("np.power", Num((), 0.5, 2.0, form="py"), _exponent)
row("np.power", 2.0, Num((3,)))
row("np.power", Num((3,), -2.0, -0.5), 2)

for _shape in ((), (5,), (2, 3)):
    row("np.clip", Num(_shape, -3.0, 3.0), -1.0, 1.5)
    row("np.clip", Num(_shape, -3.0, 3.0), None, 1.5)
    row("np.clip", Num(_shape, -3.0, 3.0), Num((), -1.0, 0.0), Num(_shape, 0.5, 2.0))
row("np.clip", Num((), form="py"), -1.0, 1.0)
row("np.clip", Num((6,), -3.0, 3.0), Num((), 1.0, 1.5), Num((), -0.5, 0.5))

for _condition, _left, _right in (((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((2, 1), (), (3,)), ((), (), ())):
    row("np.where", Num(_condition, 0, 2, dtype="int64"), Num(_left), Num(_right))
row("np.where", True, Num((), form="py"), 0.0)
row("np.where", Num((3,), 0, 2, dtype="int64"), Num((3,)), 0.0)
row("np.shape", Num((2, 3)))
row("np.size", Num((2, 3)))
row("np.ndim", Num((2, 3)))
for _shape in SHAPES:
    if _shape.form != "py":
        row("np.nan_to_num", _shape)
row("np.nan_to_num", Num((3,)), True, 1.0, 2.0, -2.0)
for _shape in (Num((5,)), Num((2, 3), form="F"), Num((3, 2), form="strided"), Num((0,)), Num((1,))):
    row("np.unwrap", replace(_shape, lo=-6.0, hi=6.0))
row("np.unwrap", Num((4, 2), -3.0, 3.0), None, 0, 1.5)
for _form in ("array", "np", "py"):
    row("np.ldexp", Num((), form=_form), 2)
    row("np.ldexp", Num((), form=_form), Num((3,), -2, 3, dtype="int64"))
row("np.ldexp", Num((2, 3), form="F"), Num((3,), -2, 3, dtype="int64"))
row("np.ldexp", Num((0,)), 1)
for _name in ("isclose", "allclose", "array_equal", "array_equiv"):
    row(f"np.{_name}", Num((3,)), Num((3,)))
    row(f"np.{_name}", Num((2, 3)), Num((2, 3), form="strided"))
row("np.isclose", Num((2, 1)), 0.5, 0.1)
for _left, _right in PAIRS:
    row("np.nextafter", Num(_left), Num(_right))
row("np.isrealobj", Num((3,)))
row("np.iscomplexobj", Num((3,)))
row("np.heaviside", 0, Num((3,)))
