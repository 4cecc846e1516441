"""``w[:, 2] = w[1]``: an assignment whose right-hand side is a view of what it writes.

NumPy copies the source first where the target has several dimensions, or where the strides have different signs. A
one-dimensional target is filled element by element, so a source that runs through the same memory with another stride is read
after it was partly overwritten. Equal strides are safe (as ``memmove`` is).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from ..ir.core import Const, Index, Path, Slice, Transpose, Var
from ..ir.structural import expand_ellipsis, is_fancy, path_type, sym_of
from ..ir.types import Array
from .values import Ref

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["check_overlap"]


def check_overlap(cx: Lowerer, target: Ref, source: Ref, node: ast.AST | None) -> None:
    """Refuse an assignment whose outcome depends on the order in which NumPy copies elements."""
    base = cx.state.store[target.sid].type
    assert isinstance(base, Array)
    t, s = cx.type_of(target), cx.type_of(source)
    if is_fancy(target.path) or not isinstance(t, Array) or len(t.shape) != 1 or not isinstance(s, Array) or len(s.shape) == 0:
        return
    a, b = last_index(cx, base, target.path), last_index(cx, base, source.path)
    if a is None or b is None or a[0] != b[0] or not safe(a[1], b[1]):
        cx.refuse("an assignment between overlapping views of one array, in an order that NumPy leaves open", node,
                  "copy the right-hand side: x[a] = x[b].copy()")


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
    """Whether two indices of one array run along the same axis in equal steps, or meet only where they are equal."""
    if len(a) != len(b):
        return False
    if all(isinstance(x, Slice) == isinstance(y, Slice) for x, y in zip(a, b, strict=True)):
        steps = [(step(x), step(y)) for x, y in zip(a, b, strict=True) if isinstance(x, Slice)]
        opposite = [isinstance(x, int) and isinstance(y, int) and x * y < 0 for x, y in steps]
        return all(x == y or turned for (x, y), turned in zip(steps, opposite, strict=True))
    if len(a) == 2 and isinstance(a[0], Slice) != isinstance(a[1], Slice) and isinstance(b[0], Slice) != isinstance(b[1], Slice):
        (row, i), (j, column) = (a, b) if isinstance(a[0], Slice) else (b, a)
        same = i is j or (sym_of(i) is not None and sym_of(i) == sym_of(j))
        return same and row == Slice() and column == Slice()
    return False


def step(item: Slice) -> Any:
    if item.step is None:
        return 1
    return item.step.value if isinstance(item.step, Const) else item.step if isinstance(item.step, Var) else None
