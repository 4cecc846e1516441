"""Taking, choosing, removing, inserting, partial orders, counts, positions."""

from __future__ import annotations

from .declare import Num, row

_FAR = Num((4,), -7, 9, dtype="int64")
for _mode in ("wrap", "clip"):
    row("np.take", Num((5,)), _FAR, None, _mode)
    row("np.take", Num((3, 4), form="F"), _FAR, 1, _mode)
row("np.take_along_axis", Num((3, 4)), Num((1, 2), 0, 4, dtype="int64"), 1)
row("np.take_along_axis", Num((1, 4)), Num((3, 2), 0, 4, dtype="int64"), 1)
row("np.take_along_axis", Num((2, 3)), Num((4,), 0, 6, dtype="int64"), None)

_WHICH = Num((4,), 0, 2, dtype="int64")
row("np.choose", _WHICH, (Num((4,)), Num((4,))))
row("np.choose", _WHICH, (Num((3, 1)), Num((4,))))
row("np.choose", _WHICH, Num((2, 4)))
row("np.choose", _FAR, (Num((4,)), Num((4,)), Num()), "wrap")
row("np.choose", _FAR, (Num((4,)), Num((4,)), Num()), "clip")

for _place in (1, -1, (0, 2)):
    row("np.delete", Num((4,)), _place)
    row("np.delete", Num((3, 4), form="F"), _place, 1)
    row("np.delete", Num((2, 3), form="strided"), _place)
row("np.delete", Num((4,)), Num((3,), 0, 4, dtype="int64"))
row("np.insert", Num((4,)), 1, Num((), form="py"))
row("np.insert", Num((4,)), -1, Num((2,)))
row("np.insert", Num((4,)), (1, 3), Num((2,)))
row("np.insert", Num((4,), form="strided"), (3, 1), Num((2,)))
row("np.insert", Num((3, 2), form="F"), 1, Num((2,)), 0)
row("np.insert", Num((3, 2)), 1, Num((3,)), 1)
row("np.insert", Num((3, 2)), (0, 2), Num((3, 2)), 1)
row("np.insert", Num((3, 2)), (0, 1), Num(), 0)
row("np.insert", Num((2, 2)), 1, Num((2,)))

for _name in ("partition", "argpartition"):
    row(f"np.{_name}", Num((6,)), 2)
    row(f"np.{_name}", Num((4, 3), form="F"), 1, 0)
    row(f"np.{_name}", Num((3, 6), form="strided"), (1, 3))
for _name in ("sort", "argsort"):
    row(f"np.{_name}", Num((3, 4), form="F"), 0, "stable")
    row(f"np.{_name}", Num((0,)))
    row(f"np.{_name}", Num((1,)))
row("np.lexsort", (Num((5,)), Num((5,), 0, 3, dtype="int64")))
row("np.searchsorted", Num((4,), form="grid"), Num((3,)), "right")
row("np.searchsorted", Num((4,), form="grid"), Num(form="py"))
row("np.digitize", Num((2, 3)), Num((4,), form="grid"))
row("np.digitize", Num((3,)), Num((4,), form="grid"), True)
row("np.bincount", Num((5,), 0, 4, dtype="int64"), Num((5,)))
row("np.bincount", Num((5,), 0, 4, dtype="int64"), Num((5,), form="strided"), 7)
row("np.bincount", Num((5,), 0, 4, dtype="int64"))
row("np.tri", 3)
row("np.tri", 2, 4, 1, "int64")
row("np.tril", Num((3,)))
row("np.triu", Num((4,)), 1)
for _name in ("tril", "triu"):
    row(f"np.{_name}_indices", 3)
    row(f"np.{_name}_indices", 3, -1, 4)
row("np.geomspace", Num((), 0.5, 1.0, form="py"), Num((), 2.0, 3.0, form="py"), 5)
row("np.geomspace", Num((), 0.5, 1.0, form="py"), Num((), 2.0, 3.0, form="py"), 4, False)
row("np.geomspace", Num((3,), 0.5, 1.0), Num((3,), 2.0, 3.0), 4)
