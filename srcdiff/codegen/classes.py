"""Which IR variables become one Python variable.

Versions of one storage, and what a loop or an If hands on, share a variable where they do not interfere::

    u1 = setview(u0, v, p)          u0, u1: one class       u[p] = v
    s2 = for ... (s1 = s0): s1'     s0, s1, s1', s2: one class

Only variables of one name (or none) are merged: a person would not call the running sum ``x`` because it starts as ``x``.
"""

from __future__ import annotations

from ..ir.core import Atom, If, Op, Var, arg_vars
from ..optimize.inplace_effects import call_args, updates
from ..optimize.inplace_ownership import Ownership

__all__ = ["Classes"]


class Classes:
    """``self[v]``: the number of the class of ``v``; numbers grow in order of first appearance."""

    def __init__(self, own: Ownership) -> None:
        self._own = own
        self._parent: dict[Var, Var] = {}
        self._sets: dict[Var, tuple[int, int]] = {}  # of a class: its variables, and those that are live where one is defined
        self._hint: dict[Var, str] = {}
        self._numbers: dict[Var, int] = {}
        self._keep_operands()
        for a, b in self._pairs():
            self._merge(a, b)

    def __getitem__(self, v: Var) -> int:
        return self._numbers.setdefault(self._find(v), len(self._numbers))

    def _find(self, v: Var) -> Var:
        while v in self._parent:
            v = self._parent[v]
        return v

    def _pairs(self) -> list[tuple[Var, Var]]:
        """What should be one variable, most wanted first."""
        inplace: list[tuple[Atom, Atom]] = []
        results: list[tuple[Atom, Atom]] = []
        outs: list[tuple[Atom, Atom]] = []
        inits: list[tuple[Atom, Atom]] = []
        arms: list[tuple[Atom, Atom]] = []
        for stmt in self._own.stmts:
            if isinstance(stmt, Op):
                args = call_args(stmt) if stmt.name == "call" else stmt.args
                inplace.extend((args[at], stmt.outs[out]) for at, out in updates(stmt, self._own.module))
            elif isinstance(stmt, If):
                for block in (stmt.then, stmt.orelse):
                    arms.extend(zip(stmt.outs, block.results, strict=True))
            else:
                results.extend(zip(stmt.params, stmt.carried, strict=True))
                outs.extend(zip(stmt.params, stmt.outs, strict=True))
                inits.extend(zip(stmt.params, stmt.inits, strict=True))
        return [(a, b) for a, b in (*inplace, *results, *outs, *arms, *inits) if isinstance(a, Var) and isinstance(b, Var)]

    def _keep_operands(self) -> None:
        """What an update reads beside its target is not in the result's variable, into which the target may be moved first."""
        for stmt in self._own.stmts:
            if not isinstance(stmt, Op):
                continue
            args = call_args(stmt) if stmt.name == "call" else stmt.args
            for at, out in updates(stmt, self._own.module):
                members, live = self._sets_of(stmt.outs[out])
                for v in arg_vars(args[:at] + args[at + 1:]):
                    if v is not args[at]:
                        live |= self._sets_of(v)[0]
                self._sets[stmt.outs[out]] = members, live

    def _hint_of(self, root: Var) -> str:
        return self._hint.get(root, root.hint)

    def _merge(self, a: Var, b: Var) -> None:
        a, b = self._find(a), self._find(b)
        hints = {self._hint_of(a), self._hint_of(b)} - {""}
        if a is b or len(hints) > 1 or a.type.__class__ is not b.type.__class__:
            return
        (members_a, live_a), (members_b, live_b) = self._sets_of(a), self._sets_of(b)
        if live_a & members_b or live_b & members_a:
            return
        self._parent[b] = a
        self._sets[a] = members_a | members_b, live_a | live_b
        self._hint[a] = next(iter(hints), "")

    def _sets_of(self, root: Var) -> tuple[int, int]:
        return self._sets[root] if root in self._sets else self._own.live.masks(root)
