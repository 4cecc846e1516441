"""Copies of statements over variables of their own: what a function's body becomes where it is put in line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import Loc
from .core import Arg, Atom, Block, If, Loop, Op, Stmt, Var, map_arg
from .hints import follow

__all__ = ["Copier"]


class Copier:
    """Copies statements; everything that they define gets a fresh variable.

    ``names``: what stands for variables from outside. ``role``: the role of the copies, by default that of the original.
    ``loc``: the place of statements that have none. Of a joint function the ``split`` is left out, and mirrors are no longer
    known as such.
    """

    def __init__(self, names: Mapping[Var, Atom], role: str = "", loc: Loc | None = None) -> None:
        self.names: dict[Var, Atom] = dict(names)
        self.role = role
        self.loc = loc

    def atom(self, a: Atom) -> Atom:
        return self.names.get(a, a) if isinstance(a, Var) else a

    def arg(self, a: Arg) -> Arg:
        return map_arg(a, self.atom)

    def fresh(self, v: Var) -> Var:
        made = Var(v.type, follow(v.hint, self.names), v.sym)
        self.names[v] = made
        return made

    def stmts(self, stmts: Iterable[Stmt]) -> list[Stmt]:
        return [self.stmt(s) for s in stmts if not (isinstance(s, Op) and s.name == "split")]

    def block(self, block: Block) -> Block:
        stmts = tuple(self.stmts(block.stmts))
        return Block(stmts, tuple(self.atom(r) for r in block.results))

    def stmt(self, s: Stmt) -> Stmt:
        loc, role = s.loc or self.loc, self.role or s.role
        if isinstance(s, Op):
            args = self.arg(s.args)
            return Op(s.name, args, tuple(self.fresh(o) for o in s.outs), loc, role, s.callee)
        if isinstance(s, If):
            cond, then, orelse = self.atom(s.cond), self.block(s.then), self.block(s.orelse)
            return If(cond, then, orelse, tuple(self.fresh(o) for o in s.outs), loc, role, s.style)
        lo, hi, step = (None if a is None else self.atom(a) for a in (s.lo, s.hi, s.step))
        inits = tuple(self.atom(i) for i in s.inits)
        params = tuple(self.fresh(p) for p in s.params)
        index = None if s.index is None else self.fresh(s.index)
        head = None if s.cond is None else self.block(s.cond)
        body = self.block(s.body)
        outs = tuple(self.fresh(o) for o in s.outs)
        trips = None if s.trips is None else self.fresh(s.trips)
        return Loop(params, inits, body, outs, index, lo, hi, step, s.reverse, head, s.stop, trips, loc, role)
