"""Padding in the modes that are linear."""

from __future__ import annotations

from .declare import Num, row

_BOTH = ((1, 2), (0, 1))
for _mode in ("constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp", "mean"):
    for _form in ("array", "F", "strided"):
        row("np.pad", Num((3, 4), form=_form), _BOTH, _mode)
    row("np.pad", Num((4,)), ((2, 3),), _mode)
    row("np.pad", Num((1,)), ((1, 2),), _mode)
row("np.pad", Num((2, 0)), _BOTH)
row("np.pad", Num((2, 3, 2)), ((0, 0), (2, 1), (1, 1)), "reflect")
row("np.pad", Num((3, 4)), _BOTH, "constant", Num((), form="py"))
row("np.pad", Num((3, 4)), _BOTH, "constant", Num((2, 2)))
row("np.pad", Num((3,)), ((2, 1),), "constant", Num((2,)))
row("np.pad", Num((3, 4)), ((1, 2), (0, 1)), "linear_ramp", 0, Num(form="py"))  # end_values
