"""A copy of a number that was stretched is an array full of it.

Before::                                        After::

    x_bar = np.broadcast_to(1.0, x.shape)           x_bar = np.ones_like(x)
    x_bar1 = np.copy(x_bar)

Runs at the very end: until then the stretched number says more.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.effects import ops_of
from ..ir.core import Arg, Block, Const, Function, If, Op, Stmt, Var, arg_vars, blocks_of, uses_of
from ..ir.hints import give
from ..ir.ops import OPS
from ..ir.types import Array, Object, Scalar

__all__ = ["filled"]

_NONE = Const(None, Object("static"))


def filled(fn: Function) -> Function:
    """``fn`` without copies of stretched numbers."""
    makers = {out: op for op in ops_of(fn.body) for out in op.outs}
    updated = {v for op in makers.values() if OPS[op.name].inplace is not None or op.name == "call" for v in arg_vars(op.args)}
    changes = {op: new for op in makers.values() if (new := _full(op, makers, updated)) is not None}
    if not changes:
        return fn
    body = _rewrite(fn.body, changes)
    stretched = {op.args[0] for op in changes}
    return replace(fn, body=_without(body, stretched - _used(body)))


def _full(op: Op, makers: dict[Var, Op], updated: set[Var]) -> Op | None:
    """What makes the result of ``op``, if that is a copy of a stretched number."""
    made = makers.get(op.args[0]) if op.name in ("np.copy", "cast") and op.role == "adjoint" else None
    out = op.outs[0].type
    if made is None or made.name != "np.broadcast_to" or not isinstance(out, Array) or out.weak:
        return None
    number, shape = made.args
    if not isinstance(number.type, Scalar):
        return None
    like = _shown(shape, makers)
    if not op.outs[0].hint:
        give(op.outs[0], made.outs[0].hint)
    any_order = out.layout == "A" or len(out.shape) == 1
    if like is not None and like not in updated and like.type.dtype == out.dtype and any_order:  # type: ignore[union-attr]
        if isinstance(number, Const) and number.value == 1.0:
            return replace(op, name="np.ones_like", args=(like, _NONE), loc=made.loc)
        return replace(op, name="np.full_like", args=(like, number, _NONE), loc=made.loc)
    same = number.type.dtype == out.dtype and (isinstance(number, Var) or isinstance(number.value, float))
    return replace(op, name="np.full", args=(shape, number, _NONE), loc=made.loc) if same else None


def _shown(shape: Arg, makers: dict[Var, Op]) -> Var | None:
    """The array whose shape this is, if it is written so."""
    if isinstance(shape, tuple):
        reads = [makers.get(d) if isinstance(d, Var) else None for d in shape]
        bases = {op.args[0] for op in reads if op is not None and op.name == "dim" and op.args[1].value == reads.index(op)}
        found = bases.pop() if len(bases) == 1 and None not in reads else None
        whole = isinstance(found, Var) and isinstance(found.type, Array) and len(found.type.shape) == len(shape)
        return found if whole and all(op is not None and op.name == "dim" for op in reads) else None
    read = makers.get(shape)
    return read.args[0] if read is not None and read.name == "shape" and isinstance(read.args[0].type, Array) else None


def _rewrite(block: Block, changes: dict[Op, Op]) -> Block:
    return Block(tuple(_in_stmt(s, changes) for s in block.stmts), block.results)


def _in_stmt(stmt: Stmt, changes: dict[Op, Op]) -> Stmt:
    if isinstance(stmt, Op):
        return changes.get(stmt, stmt)
    if isinstance(stmt, If):
        return replace(stmt, then=_rewrite(stmt.then, changes), orelse=_rewrite(stmt.orelse, changes))
    return replace(stmt, body=_rewrite(stmt.body, changes))


def _used(block: Block) -> set[Var]:
    """All variables that something reads."""
    found = set(arg_vars(block.results))
    for stmt in block.stmts:
        found.update(uses_of(stmt))
        for inner in blocks_of(stmt):
            found |= _used(inner)
    return found


def _without(block: Block, dead: set[Var]) -> Block:
    stmts: list[Stmt] = []
    for s in block.stmts:
        if isinstance(s, Op):
            stmts += [] if not dead.isdisjoint(s.outs) else [s]
        elif isinstance(s, If):
            stmts.append(replace(s, then=_without(s.then, dead), orelse=_without(s.orelse, dead)))
        else:
            stmts.append(replace(s, body=_without(s.body, dead)))
    return Block(tuple(stmts), block.results)
