"""Variables that may be without a value, and yet are handed on: these get ``None``, so that handing them on never fails.

A name that the user's program leaves unassigned on some path stays unassigned in generated code: reading it raises UnboundLocalError
there as here. But the compiler also hands values on which nobody may ever look at: to a stash, to a list, to another variable.
"""

from __future__ import annotations

from ..ir.core import UNDEF, Atom, Const, If, Loop, Op, Var, arg_vars
from ..optimize.inplace import Ownership
from .classes import Classes

__all__ = ["handed_on"]

HANDING = frozenset({"append", "setitem", "list", "tuple", "call"})


def handed_on(own: Ownership, classes: Classes) -> set[Var]:
    """The values of loops and branches for which ``None`` must stand in where they have no value."""
    fed: dict[Var, list[Var]] = {}
    undefined: list[Var] = []
    for slot, (stmt, k) in own.slots.items():
        for source in _sources(stmt, k):
            if isinstance(source, Var):
                fed.setdefault(source, []).append(slot)
            elif isinstance(source, Const) and source.value is UNDEF:
                undefined.append(slot)
        if isinstance(stmt, Loop) and slot in stmt.params:
            fed.setdefault(slot, []).append(stmt.outs[k])
    if not undefined:
        return set()
    handed = {v for s in own.stmts if isinstance(s, Op) and s.name in HANDING for v in arg_vars(s.args)}
    handed |= set(arg_vars(own.fn.body.results))
    return {slot for slot in undefined if _reaches(slot, fed, handed, classes)}


def _sources(stmt: If | Loop, k: int) -> tuple[Atom, Atom]:
    if isinstance(stmt, If):
        return stmt.then.results[k], stmt.orelse.results[k]
    return stmt.inits[k], stmt.carried[k]


def _reaches(slot: Var, fed: dict[Var, list[Var]], handed: set[Var], classes: Classes) -> bool:
    """Whether the value of ``slot`` gets to a place where it is handed on."""
    work, seen = [slot], {slot}
    while work:
        v = work.pop()
        if v in handed:
            return True
        for target in fed.get(v, ()):
            if classes[target] != classes[v]:
                return True
            if target not in seen:
                seen.add(target)
                work.append(target)
    return False
