"""Dead code elimination for a backward half: what neither the results nor an effect needs.

Loop parameters are dropped one by one, so a state that is only carried goes with everything that made it.

Example::

    for i in ..., p = a, q = b:          for i in ..., q = b:
        yield f(p), g(q)            ->       yield g(q)
    -> p1, q1        (p1 unused)         -> q1
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.effects import is_frame, without_empty_regions
from ..ir.core import Atom, Block, If, Loop, Op, Stmt, Var, arg_vars
from ..ir.ops import OPS

__all__ = ["prune"]


def prune(block: Block) -> tuple[Block, set[Var]]:
    """``block`` without dead statements, and the variables that it still needs."""
    marker = _Marker()
    marker.index(block, ())
    marker.need(block.results)
    marker.run()
    return _sweep(block, marker.live, marker.kept), marker.live


class _Marker:
    def __init__(self) -> None:
        self.live: set[Var] = set()
        self.kept: set[Stmt] = set()
        self.work: list[Var] = []
        self.maker: dict[Var, Stmt] = {}
        self.owners: dict[Stmt, tuple[If | Loop, ...]] = {}
        self.group: dict[Var, tuple[Atom, ...]] = {}  # loop parameters, outs of structures: what they are made from

    def index(self, block: Block, owners: tuple[If | Loop, ...]) -> None:
        for stmt in block.stmts:
            self.owners[stmt] = owners
            for out in stmt.outs:
                self.maker[out] = stmt
            if isinstance(stmt, If):
                self._index_if(stmt, (*owners, stmt))
            elif isinstance(stmt, Loop):
                self._index_loop(stmt, (*owners, stmt))
            elif stmt.name in OPS and OPS[stmt.name].effect and not is_frame(stmt):
                self.keep(stmt)

    def _index_if(self, stmt: If, owners: tuple[If | Loop, ...]) -> None:
        for out, a, b in zip(stmt.outs, stmt.then.results, stmt.orelse.results, strict=True):
            self.group[out] = (a, b)
        self.index(stmt.then, owners)
        self.index(stmt.orelse, owners)

    def _index_loop(self, stmt: Loop, owners: tuple[If | Loop, ...]) -> None:
        for param, init, result, out in zip(stmt.params, stmt.inits, stmt.carried, stmt.outs, strict=True):
            self.group[param] = self.group[out] = (param, init, result)
            self.maker[param] = stmt
        for var in (stmt.index, stmt.trips):
            if var is not None:
                self.maker[var] = stmt
        if stmt.cond is not None:
            self.index(stmt.cond, owners)
        self.index(stmt.body, owners)

    def need(self, atoms: object) -> None:
        for var in arg_vars(atoms):
            if var not in self.live:
                self.live.add(var)
                self.work.append(var)

    def keep(self, stmt: Stmt) -> None:
        """A statement stays: so does what it reads, and what it stands in."""
        for kept in (stmt, *self.owners[stmt]):
            if kept not in self.kept:
                self.kept.add(kept)
                self._keep_head(kept)

    def _keep_head(self, stmt: Stmt) -> None:
        if isinstance(stmt, Op):
            self.need(stmt.args)
        elif isinstance(stmt, If):
            self.need(stmt.cond)
        else:
            self.need(tuple(a for a in (stmt.lo, stmt.hi, stmt.step) if a is not None))
            self.need(() if stmt.cond is None else stmt.cond.results)
            self.need(stmt.body.results[:1] if stmt.stop else ())

    def run(self) -> None:
        while self.work:
            var = self.work.pop()
            self.need(self.group.get(var, ()))
            if var in self.maker:
                self.keep(self.maker[var])


def _sweep(block: Block, live: set[Var], kept: set[Stmt]) -> Block:
    stmts = [_sweep_stmt(s, live, kept) for s in block.stmts if s in kept or is_frame(s)]
    return Block(tuple(without_empty_regions(stmts)), block.results)


def _sweep_stmt(stmt: Stmt, live: set[Var], kept: set[Stmt]) -> Stmt:
    if isinstance(stmt, Op):
        return stmt
    if isinstance(stmt, If):
        on = [out in live for out in stmt.outs]
        arms = [_some(_sweep(arm, live, kept), on) for arm in (stmt.then, stmt.orelse)]
        return replace(stmt, then=arms[0], orelse=arms[1], outs=_pick(stmt.outs, on))
    on = [param in live for param in stmt.params]
    cond = None if stmt.cond is None else _sweep(stmt.cond, live, kept)
    body = _some(_sweep(stmt.body, live, kept), [True] * stmt.stop + on)
    return replace(stmt, params=_pick(stmt.params, on), inits=_pick(stmt.inits, on), outs=_pick(stmt.outs, on), body=body,
                   cond=cond)


def _pick(items: tuple, on: list[bool]) -> tuple:
    return tuple(item for item, keep in zip(items, on, strict=True) if keep)


def _some(block: Block, on: list[bool]) -> Block:
    return Block(block.stmts, _pick(block.results, on))


