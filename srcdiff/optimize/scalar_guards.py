"""Guarded products of two numbers as conditional expressions: a call costs more than both. Nothing is differentiated after it.

Before::                              After::

    t = sdiv(g, p)                        c = np.not_equal(g, 0.0)
                                          ifexp c: np.divide(g, p) else: 0.0
                                          -> t

A quotient of Python floats stays a call, since Python raises where NumPy gives an infinity; unless the value itself
was divided by the same number.
"""

from __future__ import annotations

from dataclasses import replace

from ..analysis.effects import ops_of
from ..ir.build import const
from ..ir.core import Block, Function, If, Loop, Module, Op, Stmt, Var
from ..ir.types import BOOL, Scalar

__all__ = ["run"]

PLAIN = {"smul": "np.multiply", "sdiv": "np.divide"}


def run(module: Module) -> Module:
    """Spell out the guards in every function."""
    functions = {name: _function(f) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main), functions=functions)


def _function(fn: Function) -> Function:
    ops = list(ops_of(fn.body))
    if not any(op.name in PLAIN for op in ops):
        return fn
    divisors = {op.args[1] for op in ops if op.name == "np.divide" and op.role == "primal"}
    return replace(fn, body=_block(fn.body, divisors))


def _block(block: Block, divisors: set[object]) -> Block:
    return Block(tuple(s for stmt in block.stmts for s in _stmt(stmt, divisors)), block.results)


def _stmt(stmt: Stmt, divisors: set[object]) -> tuple[Stmt, ...]:
    if isinstance(stmt, If):
        return (replace(stmt, then=_block(stmt.then, divisors), orelse=_block(stmt.orelse, divisors)),)
    if isinstance(stmt, Loop):
        return (replace(stmt, body=_block(stmt.body, divisors)),)
    return _guarded(stmt) if stmt.name in PLAIN and _may(stmt, divisors) else (stmt,)


def _may(op: Op, divisors: set[object]) -> bool:
    types = [a.type for a in op.args]
    if not all(isinstance(t, Scalar) for t in types):
        return False
    python = all(t.py for t in types)
    return op.name == "smul" or not python or op.args[1] in divisors


def _guarded(op: Op) -> tuple[Stmt, ...]:
    nonzero, value = Var(BOOL), Var(op.outs[0].type)
    test = Op("np.not_equal", (op.args[0], const(0.0)), (nonzero,), op.loc, op.role)
    product = replace(op, name=PLAIN[op.name], outs=(value,))
    return test, If(nonzero, Block((product,), (value,)), Block((), (const(0.0),)), op.outs, op.loc, op.role, "ifexp")
