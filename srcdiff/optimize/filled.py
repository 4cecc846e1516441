"""A copy of a number that was stretched is an array full of it.

Before::                                        After::

    x_bar = np.broadcast_to(1.0, x.shape)           x_bar = np.ones_like(x)
    x_bar1 = np.copy(x_bar)

Runs at the very end: until then the stretched number says more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..analysis.effects import ops_of
from ..analysis.liveness import liveness
from ..ir.core import Arg, Block, Const, Function, If, Op, Stmt, Var, all_uses
from ..ir.hints import give
from ..ir.types import Array, Object, Scalar

__all__ = ["filled"]

_NONE = Const(None, Object("static"))


def filled(fn: Function) -> Function:
    """``fn`` without copies of stretched numbers."""
    makers = {out: op for op in ops_of(fn.body) for out in op.outs}
    live = liveness(fn)
    kept = set(fn.params) - {fn.params[k] for k, _ in fn.written}
    changes = {op: new for op in makers.values()
               if (new := _full(op, makers, lambda v, at: v in kept or live.is_live_after(v, at))) is not None}
    if not changes:
        return fn
    body = _rewrite(fn.body, changes)
    stretched = {op.args[0] for op in changes}
    return replace(fn, body=_without(body, stretched - all_uses(body)))


def _full(op: Op, makers: dict[Var, Op], there: Callable[[Var, Op], bool]) -> Op | None:
    """What makes the result of ``op``, if that is a copy of a stretched number.

    An array is asked for its type only where it is ``there`` in any case: who updates which memory has been decided.
    """
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
    if like is not None and there(like, op) and like.type.dtype == out.dtype and any_order:  # type: ignore[union-attr]
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
