"""Differences, gradients on grids, interpolation, convolution, polynomials."""

from __future__ import annotations

from .declare import Num, row

for _shape in ((5,), (3, 4), (2, 3, 2), (1,)):
    row("np.diff", Num(_shape))
    row("np.diff", Num(_shape), 1, 0)
row("np.diff", Num((0,)))
row("np.diff", Num((5,)), 2)
row("np.diff", Num((3, 5), form="F"), 3, -1)
row("np.diff", Num((4, 3), form="strided"), 2, 0)

_GRID = Num((4,), form="grid")
for _edge in (1, 2):
    row("np.gradient", Num((5,)), 1.0, 0, _edge)
    row("np.gradient", Num((4,)), _GRID, 0, _edge)
    row("np.gradient", Num((3, 4)), Num((), 0.5, 1.5, form="py"), 0, _edge)
    row("np.gradient", Num((2, 4), form="F"), _GRID, 1, _edge)
    row("np.gradient", Num((4, 3, 2), form="strided"), _GRID, 0, _edge)
    row("np.gradient", Num((3,)), Num((), 0.5, 1.5), 0, _edge)
row("np.gradient", Num((2,)), 0.5, 0)

_KNOTS = Num((4,), form="grid")
for _x in (Num(), Num(form="np"), Num(form="py"), Num((5,)), Num((2, 3)), Num((0,)), Num((1,)), Num((2, 3), form="F"),
           Num((4,), form="strided")):
    row("np.interp", _x, _KNOTS, Num((4,)))
    row("np.interp", _x, _KNOTS, Num((4,)), Num(form="py"), Num())
row("np.interp", Num((6,), -5.0, 9.0), _KNOTS, Num((4,)), None, 0.5)
row("np.interp", Num((6,), -5.0, 9.0), _KNOTS, Num((4,), form="strided"))
row("np.interp", Num((3,)), Num((1,)), Num((1,)))

for _name in ("convolve", "correlate"):
    for _n, _m in ((4, 3), (3, 4), (3, 3), (5, 2), (2, 5), (1, 3), (3, 1), (1, 1), (6, 4), (4, 6)):
        for _mode in ("full", "same", "valid"):
            row(f"np.{_name}", Num((_n,)), Num((_m,)), _mode)
    row(f"np.{_name}", Num((5,), form="strided"), Num((3,)))
    row(f"np.{_name}", Num((5,)), Num((3,), 1, 4, dtype="int64"), "same")

for _x in (Num(), Num(form="np"), Num(form="py"), Num((5,)), Num((2, 3)), Num((0,)), Num((1,)), Num((2, 3), form="F"),
           Num((4,), form="strided")):
    for _n in (3, 1):
        row("np.polyval", Num((_n,)), _x)
row("np.polyval", Num((0,)), Num((2,)))
row("np.polyval", Num((4,), form="strided"), Num((2,), 1, 4, dtype="int64"))

for _increasing in (False, True):
    row("np.vander", Num((3,)), None, _increasing)
    row("np.vander", Num((3,)), 4, _increasing)
    row("np.vander", Num((4,), form="strided"), 2, _increasing)
    row("np.vander", Num((2,)), 1, _increasing)
    row("np.vander", Num((0,)), 3, _increasing)

