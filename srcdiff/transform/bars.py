"""The adjoint environment: which variable has which adjoint at this point of the backward walk.

Scopes nest as blocks do. A variable without an entry has a structural zero. An arm of an ``If`` reads through to its
parent and keeps changes to itself (the driver joins them with phis). In a loop the first touch of an outer variable's
adjoint makes it an accumulator that the mirrored loop carries.
"""

from __future__ import annotations

from collections.abc import Callable

from ..ir.core import Atom, Var
from ..ir.types import Array, Scalar, Type

__all__ = ["Scope", "bar_type", "of_all_trips"]


def bar_type(x: Var) -> Type:
    """The type of a carried adjoint of ``x``: that of ``x``, but never a Python scalar, since sums give NumPy ones."""
    t = x.type
    if isinstance(t, Scalar):
        return Scalar(t.dtype)
    return Array(t.dtype, t.shape, "A", t.weak) if isinstance(t, Array) else t


def of_all_trips(bar: Var) -> Var:
    """``bar``, called after the name whose values a loop hands on from trip to trip, not after one of these values."""
    bar.hint = str(bar.hint) or bar.hint
    return bar


class Scope:
    """The adjoints that are known in one block of the backward half."""

    def __init__(self, parent: Scope | None = None, carry: Callable[[Var], Var] | None = None) -> None:
        self.parent = parent
        self.carry = carry  # in a loop: makes the variable that carries an adjoint
        self.local: set[Var] = set()
        self.bars: dict[Var, Atom] = {}
        self.accumulators: dict[Var, Var] = {}

    def get(self, x: Var) -> Atom | None:
        if x in self.bars:
            return self.bars[x]
        if x in self.local or self.parent is None:
            return None
        if self.carry is None:
            return self.parent.get(x)
        self.accumulators[x] = self.bars[x] = self.carry(x)
        return self.bars[x]

    def set(self, x: Var, bar: Atom) -> None:
        self.bars[x] = bar

    def take(self, x: Var) -> Atom | None:
        """The adjoint of a variable that this block defines, whose definition has been reached."""
        return self.bars.pop(x, None)

    def changed(self) -> list[Var]:
        """The outer variables whose adjoint an arm changed, in the order of their first change."""
        return [x for x in self.bars if x not in self.local]
