"""Variables that may be without a value, and yet are handed on: these get ``None``, so that handing them on never fails.

A name that the user's program leaves unassigned on some path stays unassigned in generated code: reading it raises
UnboundLocalError there as here. But the compiler also hands values on which nobody may ever look at: to a stash, to
a list, to another variable.
"""

from __future__ import annotations

from ..ir.core import UNDEF, Loop, Op, Var, arg_vars
from ..ir.graph import reached
from ..optimize.inplace_effects import phi_sources
from ..optimize.inplace_ownership import Ownership
from .classes import Classes

__all__ = ["Undefined"]

HANDING = frozenset({"append", "append_in", "setitem", "list", "tuple", "call", "np.copy", "copylist"})


class Undefined:
    """``handed_on``: slots for which ``None`` must stand in where they have no value. ``maybe``: all variables that may
    be without one.
    """

    def __init__(self, own: Ownership, classes: Classes) -> None:
        self._classes = classes
        self._fed: dict[Var, list[Var]] = {}
        undefined: list[Var] = []
        for slot, (stmt, k) in own.slots.items():
            for source in phi_sources(stmt, k):
                if isinstance(source, Var):
                    self._fed.setdefault(source, []).append(slot)
                elif source.value is UNDEF:
                    undefined.append(slot)
            if isinstance(stmt, Loop) and slot in stmt.params:
                self._fed.setdefault(slot, []).append(stmt.outs[k])
        self._handed: set[Var] = set()
        if undefined:
            self._handed = {v for s in own.stmts if isinstance(s, Op) and s.name in HANDING for v in arg_vars(s.args)}
            self._handed |= set(arg_vars(own.fn.body.results))
        may_get_to = {slot: reached([slot], self._fed) for slot in undefined}
        self.maybe = set().union(*may_get_to.values())
        self.handed_on = {slot for slot, found in may_get_to.items() if self._is_handed(found)}

    def _is_handed(self, found: set[Var]) -> bool:
        """Whether one of them is handed on, also to a variable of another name."""
        return not found.isdisjoint(self._handed) or any(
            self._classes[t] != self._classes[v] for v in found for t in self._fed.get(v, ()))
