"""What constant indices ask of the lengths of arrays, where the generated code does not ask it by itself.

``x[0] + x[7] * 0`` raises where ``x`` has fewer than eight elements, but no derivative of it reads ``x[7]``: that there are
eight becomes a condition of the guard. Where the code still has that index, NumPy raises.
"""

from __future__ import annotations

from ..ir.core import Const, Index, Module
from ..ir.dims import Dim
from ..ir.structural import axes_of, least_length
from ..ir.types import Array
from .effects import ops_of

__all__ = ["assume_lengths"]

ACCESSES = frozenset({"view", "setview", "addview", "subview"})


def assume_lengths(module: Module) -> None:
    """Record the lengths that ``module`` takes for granted and does not check."""
    facts = module.facts
    asked = _asked(module) if facts.least else {}
    for length, least in facts.least.items():
        if asked.get(length, 0) < least:
            facts.assume(f"{length} >= {least}")


def _asked(module: Module) -> dict[Dim, int]:
    """For each length the number of elements that the constant indices in ``module`` need."""
    found: dict[Dim, int] = {}
    for op in (op for fn in (module.main, *module.functions.values()) for op in ops_of(fn.body)):
        t, steps = (op.args[0].type, op.args[-1].steps) if op.name in ACCESSES else (None, ())
        if not isinstance(t, Array) or not steps or not isinstance(steps[0], Index):
            continue
        for item, length in axes_of(steps[0].items, t.shape):
            if isinstance(item, Const) and isinstance(length, Dim):
                found[length] = max(found.get(length, 0), least_length(item.value))
    return found
