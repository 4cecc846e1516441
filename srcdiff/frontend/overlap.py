"""``w[:, 2] = w[1]``: an assignment whose right-hand side is a view of what it writes.

NumPy copies the source first where the target has several dimensions, or where the strides have different signs. A
one-dimensional target is filled element by element, so a source that runs through the same memory with another stride is read
after it was partly overwritten. Equal strides are safe (as ``memmove`` is).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..ir.core import Const, Index, Path, Slice, Transpose
from ..ir.structural import expand_ellipsis, is_fancy, path_type, sym_of
from ..ir.types import Array
from .values import Ref

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["check_overlap", "disjoint"]


def check_overlap(cx: Lowerer, target: Ref, source: Ref, node: ast.AST | None) -> None:
    """Refuse an assignment whose outcome depends on the order in which NumPy copies elements."""
    base = cx.state.store[target.sid].type
    assert isinstance(base, Array)
    t, s = cx.type_of(target), cx.type_of(source)
    if is_fancy(target.path) or not isinstance(t, Array) or len(t.shape) != 1 or not isinstance(s, Array) or len(s.shape) == 0:
        return
    a, b = strides(base, target.path), strides(base, source.path)
    along = a is not None and b is not None and len(a) == len(b) == 1 and a[0][0] == b[0][0] is not None
    if along and (a[0][1] == b[0][1] or a[0][1] * b[0][1] < 0):  # type: ignore[index]
        return
    if not mirrored(cx, base, target.path, source.path):
        cx.refuse("an assignment between overlapping views of one array, in an order that NumPy leaves open", node,
                  "copy the right-hand side: x[a] = x[b].copy()")


def disjoint(a: Path, b: Path) -> bool:
    """Whether two views of one array are known to have no element in common: ``x[:n]`` and ``x[n:]``."""
    first = [path.steps[0].items[0] if path.steps and isinstance(path.steps[0], Index) else None for path in (a, b)]
    (start, stop), (other_start, other_stop) = map(extent, first)
    return _before(stop, other_start) or _before(other_stop, start)


def extent(item: Any) -> tuple[Any, Any]:
    """Where an index of an axis begins and ends, if that is known; None for the end of the axis, and where nothing is."""
    if isinstance(item, Slice) and (step(item) or 0) > 0:
        return 0 if item.start is None else sym_of(item.start), sym_of(item.stop)
    known = sym_of(item)
    return known, known + 1 if isinstance(known, int) and known >= 0 else None


def _before(stop: Any, start: Any) -> bool:
    return stop is not None and (stop == start or (isinstance(stop, int) and isinstance(start, int) and 0 <= stop <= start))


def strides(base: Array, path: Path) -> list[tuple[int | None, int]] | None:
    """For each axis of a view, the axis of the storage that it runs along and in which steps; None where that is not known."""
    axes: list[tuple[int | None, int]] = [(k, 1) for k in range(len(base.shape))]
    for part in path.steps:
        if isinstance(part, Transpose):
            axes = [axes[k] for k in part.perm]
        elif isinstance(part, Index):
            found: list[tuple[int | None, int]] = []
            rest = iter(axes)
            for item in expand_ellipsis(part.items, len(axes)):
                if item is None:
                    found.append((None, 0))
                    continue
                axis, size = next(rest)
                if isinstance(item, Slice):
                    if (by := step(item)) is None:
                        return None
                    found.append((axis, size * by))
            axes = found
        else:
            return None
    return axes


def mirrored(cx: Lowerer, base: Array, target: Path, source: Path) -> bool:
    """``a[k, :] = a[:, k]``: row and column meet in one element, which is copied to itself."""
    a, b = last_index(cx, base, target), last_index(cx, base, source)
    return a is not None and b is not None and a[0] == b[0] and safe(a[1], b[1])


def last_index(cx: Lowerer, base: Array, path: Path) -> tuple[Path, tuple[Any, ...]] | None:
    """The path without its last index, and that index, spelled out; None where the last step is something else."""
    steps = path.steps
    if steps and isinstance(steps[-1], Transpose):
        return None
    if not steps or not isinstance(steps[-1], Index):
        steps = (*steps, Index((Slice(),)))
    before = Path(steps[:-1])
    t = path_type(base, before, cx.facts)
    if not isinstance(t, Array) or not isinstance(steps[-1], Index):
        return None
    return before, tuple(i for i in expand_ellipsis(steps[-1].items, len(t.shape)) if i is not None)


def safe(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether one index is a full row and the other a full column of the same number."""
    if len(a) != len(b):
        return False
    if len(a) == 2 and all(isinstance(i[0], Slice) != isinstance(i[1], Slice) for i in (a, b)):
        (row, i), (j, column) = (a, b) if isinstance(a[0], Slice) else (b, a)
        same = i is j or (sym_of(i) is not None and sym_of(i) == sym_of(j))
        return same and row == Slice() and column == Slice()
    return False


def step(item: Slice) -> int | None:
    if item.step is None:
        return 1
    value = item.step.value if isinstance(item.step, Const) else None
    return 1 if isinstance(item.step, Const) and value is None else value if isinstance(value, int) else None
