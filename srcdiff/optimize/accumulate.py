"""Sums of adjoints are added up in place where the first operand is memory that nobody else needs.

Before::                                        after::

    x_bar = np.multiply(g, y)                       x_bar = np.multiply(g, y)
    x_bar1 = np.add(x_bar, t)                       x_bar1 = addview(x_bar, t, [])          x_bar += t

Runs on functions that are bufferized, so ownership is known. Primal statements stay as the user wrote them.
"""

from __future__ import annotations

from dataclasses import replace

from ..ir.core import Block, Function, If, Op, Path, Stmt, Var
from ..ir.types import Array
from .inplace_ownership import Ownership

__all__ = ["accumulate"]


def accumulate(fn: Function, own: Ownership) -> Function:
    """``fn`` with sums in place; it has to be bufferized again if it changed."""
    changes: dict[Stmt, Op] = {s: new for s in own.stmts if isinstance(s, Op) and (new := _in_place(s, own))}
    return replace(fn, body=_rewrite(fn.body, changes)) if changes else fn


def _in_place(op: Op, own: Ownership) -> Op | None:
    if op.name not in ("np.add", "np.subtract") or op.role == "primal":
        return None
    a, b = op.args[:2]
    name = "addview" if op.name == "np.add" else "subview"
    if _may_grow(a, op, own):
        return replace(op, name=name, args=(a, b, Path()))
    if name == "addview" and _may_grow(b, op, own):
        return replace(op, name=name, args=(b, a, Path()))
    return None


def _may_grow(x: object, op: Op, own: Ownership) -> bool:
    """Whether ``x`` has a name, the type of the result, and memory that is free after ``op``."""
    if not (isinstance(x, Var) and x.hint and isinstance(x.type, Array)) or x not in own.owners:
        return False
    t = op.outs[0].type
    if not isinstance(t, Array) or not t.shape or t.weak or x.type.weak or x.hint != op.outs[0].hint:
        return False
    return (t.dtype, t.shape) == (x.type.dtype, x.type.shape) and own.is_free_after(x, op)


def _rewrite(block: Block, changes: dict[Stmt, Op]) -> Block:
    stmts: list[Stmt] = []
    for s in block.stmts:
        if isinstance(s, Op):
            stmts.append(changes.get(s, s))
        elif isinstance(s, If):
            stmts.append(replace(s, then=_rewrite(s.then, changes), orelse=_rewrite(s.orelse, changes)))
        else:
            stmts.append(replace(s, body=_rewrite(s.body, changes)))
    return Block(tuple(stmts), block.results)
