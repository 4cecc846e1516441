"""Sorting and picking."""

from __future__ import annotations

from .declare import Num, row

for _name in ("sort", "argsort"):
    row(f"np.{_name}", Num((5,)))
    row(f"np.{_name}", Num((3, 4)), 0)
    row(f"np.{_name}", Num((3, 4)), -1)
_INDICES = Num((4,), 0, 3, dtype="int64")
row("np.take", Num((5,)), _INDICES)
row("np.take", Num((3, 4)), _INDICES)
row("np.take", Num((3, 4)), _INDICES, 0)
row("np.take", Num((3, 4)), _INDICES, -1)
row("np.take", Num((3, 4), form="F"), Num((2, 2), 0, 3, dtype="int64"), 1)
row("np.take", Num((3, 4)), 2, 1)
row("np.take", Num((3,)), 2)
row("np.take_along_axis", Num((3, 4)), Num((2, 4), 0, 3, dtype="int64"), 0)
row("np.take_along_axis", Num((3, 4)), Num((3, 5), 0, 4, dtype="int64"), -1)
row("np.take_along_axis", Num((2, 3, 4)), Num((2, 2, 4), 0, 3, dtype="int64"), 1)
row("np.searchsorted", Num((4,)), Num((3,)))
