"""Operands of which only the shape is used: any variable of the same shape will do.

Taken in this order: a parameter of the function, the variable itself, another variable of the function level that is
never overwritten. So neither an old version of a storage nor a value inside a loop is saved for its shape. Two shapes are
the same if their dimensions are equal and known from the arguments: a dimension that only the run can tell may differ from
trip to trip. Never used for lists, whose length is no part of their type.

Example::

    for i in ...: h = np.tanh(W @ h); ...          h_bar = np.zeros_like(h) in the mirror  ->  np.zeros_like(h0)
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ir.core import Atom, Op, Var
from ..ir.dims import is_static
from ..ir.types import Array
from .stash_primal import Primal

__all__ = ["Shapes", "is_c_contiguous"]


class Shapes:
    """Finds stand-ins among the variables of the function level."""

    def __init__(self, primal: Primal) -> None:
        self.primal = primal
        self.by_shape: dict[object, list[Var]] = {}
        self.by_dim: dict[object, list[tuple[Var, int]]] = {}
        params = set(primal.function.params)
        outer = [v for v in primal.order if primal.is_outer(v) and self._may_stand_in(v)]
        for var in sorted(outer, key=lambda v: v not in params):
            assert isinstance(var.type, Array)
            if is_static(var.type.shape):
                self.by_shape.setdefault(var.type.shape, []).append(var)
            for k, d in enumerate(var.type.shape):
                if is_static((d,)):
                    self.by_dim.setdefault(d, []).append((var, k))

    def _may_stand_in(self, var: Var) -> bool:
        storages = self.primal.storages
        return (isinstance(var.type, Array) and not var.type.weak
                and not storages.is_overwritten(var) and var not in storages.undef)

    def stand_in(self, op: Op, k: int) -> Var | None:
        """A variable of the function level for argument ``k`` of ``op``."""
        var = op.args[k]
        if not isinstance(var, Var) or not isinstance(var.type, Array) or var.type.weak:
            return None
        for other in self._candidates(var):
            if not op.name.endswith("_like") or _same_memory(other.type, var.type):
                return other
        return None

    def _candidates(self, var: Var) -> Iterator[Var]:
        assert isinstance(var.type, Array)
        found = self.by_shape.get(var.type.shape, []) if is_static(var.type.shape) else []
        params = [v for v in found if v in self.primal.function.params]
        yield from params
        if var in self.primal.region and self.primal.is_outer(var) and self._may_stand_in(var):
            yield var
        yield from (v for v in found if v not in params)

    def dim(self, var: Var, axis: int) -> tuple[Atom, int] | None:
        """A variable of the function level, and its axis, of the same dimension."""
        if not isinstance(var.type, Array) or var.type.weak:
            return None
        found = self.by_dim.get(var.type.shape[axis], [])
        return found[0] if found else None


def is_c_contiguous(t: object) -> bool:
    """Whether an array in C order has the type ``t``."""
    return isinstance(t, Array) and not t.weak and (len(t.shape) == 1 or t.layout in ("A", "C"))


def _same_memory(a: object, b: object) -> bool:
    """Whether an array made like ``a`` has the type of one made like ``b``."""
    assert isinstance(a, Array)
    assert isinstance(b, Array)
    return a.dtype == b.dtype and (a.layout == b.layout or b.layout == "A")
