"""The condition of an exit is saved once, not in each trip: only in the last one it can be true.

Before::                                        After::

    for i in ...:                                   for i in ..., f = False:
        c = ...                                         c = ...
        if c: -> True else: ... -> False -> stop        if c: -> True else: ... -> False -> stop
        yield stop                                      yield stop, c
                                                    -> last

Backwards, ``last`` is the condition in the first trip, and ``False`` in all others. What nobody asks for is dead code.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.build import const
from ..ir.core import Atom, Block, Const, Function, If, Loop, Stmt, Var
from ..ir.types import BOOL, Scalar
from .mirrors import split_index

__all__ = ["with_exit_flags"]

BOOLS = (BOOL, Scalar("bool"))


def with_exit_flags(function: Function) -> tuple[Function, dict[Var, Const]]:
    """The joint function, and for each parameter that was added what it is at the start of every trip."""
    flags: dict[Var, Const] = {}
    at = split_index(function.body)
    stmts = function.body.stmts
    forward = tuple(_stmt(s, flags) for s in stmts[:at])
    if not flags:
        return function, flags
    return replace(function, body=Block((*forward, *stmts[at:]), function.body.results)), flags


def _stmt(stmt: Stmt, flags: dict[Var, Const]) -> Stmt:
    if isinstance(stmt, If):
        return replace(stmt, then=_block(stmt.then, flags), orelse=_block(stmt.orelse, flags))
    if not isinstance(stmt, Loop):
        return stmt
    body = _block(stmt.body, flags)
    found = _condition(body) if stmt.stop and stmt.twin else None
    if found is None:
        return replace(stmt, body=body)
    cond, value = found
    name = cond.hint or ("stopped" if value else "going")
    param, before = Var(BOOL, name), const(not value)
    flags[param] = before
    return replace(stmt, params=(*stmt.params, param), inits=(*stmt.inits, before), outs=(*stmt.outs, Var(BOOL, name)),
                   body=Block(body.stmts, (*body.results, cond)))


def _block(block: Block, flags: dict[Var, Const]) -> Block:
    return Block(tuple(_stmt(s, flags) for s in block.stmts), block.results)


def _condition(body: Block) -> tuple[Var, bool] | None:
    """A condition of the body's, and a value that it can only have in the last trip."""
    stop: Atom = body.results[0]
    defined = {out for s in body.stmts for out in s.outs}
    for branch in (s for s in body.stmts if isinstance(s, If)):
        cond = branch.cond
        if not isinstance(cond, Var) or cond not in defined or cond.type not in BOOLS:  # a number is more than true or false
            continue
        if cond is stop:
            return cond, True
        for out, then, orelse in zip(branch.outs, branch.then.results, branch.orelse.results, strict=True):
            if out is stop and any(isinstance(a, Const) and a.value is True for a in (then, orelse)):
                return cond, isinstance(then, Const) and then.value is True
    return None
