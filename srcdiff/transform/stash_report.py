"""What is stashed, from which line, how and why: for people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..errors import Loc
from ..ir.core import Var
from ..ir.types import Array, Scalar, Type
from ..records import dataclass
from .stash_primal import Primal
from .stash_thread import Slot
from .stash_walk import Walk

__all__ = ["StashEntry", "report"]


@dataclass(frozen=True)
class StashEntry:
    """``how``: ``"keep"``, ``"recompute"``, ``"rewind"`` or ``"push"``; ``bytes``: an expression for the size of one value."""

    what: str
    line: int | None
    how: str
    why: str
    type: str
    bytes: str

    def __str__(self) -> str:
        where = "argument" if self.line is None else f"line {self.line}"
        return f"{self.how:<9} {self.what or '(temporary)'}: {self.type} ({where}; {self.bytes} bytes): {self.why}"


def report(primal: Primal, walk: Walk, slots: list[Slot], kept: list[Var], live: set[Var]) -> Iterator[StashEntry]:
    """Entries in the order: kept, recomputed, rewound, pushed."""
    for var in kept:
        yield _entry(primal, var, "keep", "still in a local variable")
    for made, var in walk.recomputed.items():
        if made in live:
            cheap = primal.invariant_in(var) is None
            why = "cheap, from values at hand" if cheap else "the same in every trip of a loop"
            yield _entry(primal, var, "recompute", why)
    for made, write in walk.undone.items():
        if made in live:
            loc = write.op.loc
            yield StashEntry(write.before.hint, loc.line if loc else None, "rewind", "the part that is overwritten is put back",
                             str(write.before.type), "0")
    for slot in slots:
        loops = slot.region.loops
        why = f"needed in each trip of {'nested loops' if loops > 1 else 'a loop'}" if loops else "needed in this branch"
        yield _entry(primal, slot.var, "push", why)


def _entry(primal: Primal, var: Var, how: str, why: str) -> StashEntry:
    maker = primal.maker.get(var)
    loc: Loc | None = maker.loc if maker is not None else getattr(primal.region[var].owner, "loc", None)
    return StashEntry(var.hint, loc.line if loc else None, how, why, str(var.type), _bytes(var.type))


def _bytes(t: Type) -> str:
    if isinstance(t, Scalar):
        return str(_itemsize(t.dtype))
    if isinstance(t, Array):
        sizes = [f"({d})" if " " in str(d) else str(d) for d in t.shape]
        return " * ".join([str(_itemsize(t.dtype)), *sizes])
    return "?"


def _itemsize(dtype: str) -> int:
    return int(np.dtype(dtype).itemsize)
