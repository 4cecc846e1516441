"""Reductions and accumulations."""

from __future__ import annotations

from .declare import Num, row

for _name in ("sum", "mean", "prod", "max", "min", "any", "all", "count_nonzero", "argmax", "argmin", "var", "std"):
    _tail = (0,) if _name in ("var", "std") else ()
    for _shape in ((4,), (2, 3), (2, 1, 3), (1, 1)):
        row(f"np.{_name}", Num(_shape))
        for _axis in (0, -1):
            row(f"np.{_name}", Num(_shape), _axis)
            row(f"np.{_name}", Num(_shape), _axis, *_tail, True)
    row(f"np.{_name}", Num((2, 3), form="F"), 0)
    row(f"np.{_name}", Num((4, 3), form="strided"), 1)
    row(f"np.{_name}", Num((2, 3)), None, *_tail, True)
    if _name not in ("prod", "argmax", "argmin"):
        row(f"np.{_name}", Num((2, 3, 2)), (0, -1))
        row(f"np.{_name}", Num((2, 3, 2)), (0, 1), *_tail, True)
for _name in ("sum", "mean", "prod"):
    row(f"np.{_name}", Num())
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"))
    row(f"np.{_name}", Num((0, 3) if _name != "mean" else (3, 0)), 0)
row("np.sum", Num(form="py"))
row("np.sum", Num((0,)))
row("np.var", Num((4,)), None, 1)
row("np.std", Num((4, 3)), 0, 1)
for _shape, _axis in (((4,), None), ((4,), 0), ((2, 3), None), ((2, 3), 0), ((2, 3), -1), ((0,), None)):
    row("np.cumsum", Num(_shape), _axis)

    row("np.cumprod", Num(_shape), _axis)
row("np.cumprod", Num((2, 3, 2)), 1)
row("np.prod", Num((2, 3, 2)), (0, -1))
row("np.prod", Num((2, 3, 2)), (2, 0), True)
for _name in ("sum", "mean", "prod"):
    row(f"np.{_name}", Num((2, 3)), 0, False, "float64")
    row(f"np.{_name}", Num((3,), 1, 4, dtype="int64"), None, False, "float64")
row("np.var", Num((2, 3)), 0, 0, False, "float64")
row("np.std", Num((2, 3)), None, 0, True, "float64")
row("np.cumsum", Num((3,), 1, 4, dtype="int64"), None, "float64")
