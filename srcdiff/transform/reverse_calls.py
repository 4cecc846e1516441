"""Adjoints of kept calls: ``x_bar = call helper_bwd(stash, out_bar, x_bar)``.

An array operand's adjoint goes in and comes out updated, so that a loop over calls does not allocate one each time; the
adjoint of a storage that the callee overwrites goes in as the adjoint of its new version and comes out as that of the old
one. For a scalar the callee returns its contribution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.activity import Pattern
from ..ir.core import Atom, Function, Op, Var
from ..ir.types import Array, List
from ..records import dataclass
from .bars import bar_type
from .fit import zeros

if TYPE_CHECKING:
    from .reverse import Reverser

__all__ = ["MANY", "KeptCall", "buffered", "overwritten"]

Bars = tuple["Atom | None", ...]


@dataclass(frozen=True)
class KeptCall:
    """The forward half's call: of which function, for which pattern, and the name from which its halves are named."""

    callee: Function
    key: str
    pattern: Pattern


def overwritten(fn: Function, pattern: Pattern) -> dict[int, int]:
    """Active parameters whose storage the callee overwrites -> the place among the active results of its new version."""
    params, results = pattern
    return {p: results.index(r) for p, r in fn.written if p in params and r in results}


def buffered(fn: Function, pattern: Pattern) -> list[int]:
    """Active parameters whose adjoint is handed in, to be added to."""
    moved = overwritten(fn, pattern)
    return [p for p in pattern[0] if isinstance(fn.params[p].type, (Array, List)) and p not in moved]


def _call(r: Reverser, op: Op, bars: Bars) -> None:
    kept = r.kept_calls[op]
    params, results = kept.pattern
    given = [r.zeros(op.outs[k]) if (bar := bars[k]) is None else bar for k in results]
    buffers = _buffers(r, op, buffered(kept.callee, kept.pattern))
    outs = tuple(Var(bar_type(op.args[p])) for p in params)
    r.builder.add(Op("call", (op.outs[-1], *given, *buffers.values()), outs, r.builder.loc, "adjoint", f"{kept.key}_bwd"))
    whole = {op.args[p]: p for p in reversed(list(buffers))}  # the first buffer of a variable held its adjoint so far
    for p, out in zip(params, outs, strict=True):
        if whole.get(op.args[p]) == p:
            r.put(op.args[p], out)
    for p, out in zip(params, outs, strict=True):
        if whole.get(op.args[p]) != p:
            r.add(op.args[p], out)


def _buffers(r: Reverser, op: Op, params: list[int]) -> dict[int, Atom]:
    """For each buffered parameter the adjoint that is handed in: where a variable is passed twice, zeros the second time."""
    seen: set[Var] = set()
    found: dict[int, Atom] = {}
    for p in params:
        x = op.args[p]
        found[p] = zeros(r.builder, x) if x in seen else r.base(x)
        seen.add(x)
    return found


MANY = {"call": _call}
