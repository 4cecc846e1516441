"""The verifier: run after every pass; prints the function with the offending line marked.

It checks scope, single assignment, arity, and that loop parameters, inits, results and outs, and the two arms of an
``If``, are of the same kind.
"""

from __future__ import annotations

import numpy as np

from ..errors import InternalError
from .core import UNDEF, Atom, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, blocks_of, defs_of, uses_of
from .ops import OPS
from .printer import print_function
from .types import Array, List, Object, Scalar, Stash, Tuple, Type

__all__ = ["verify", "verify_function"]


def verify(module: Module) -> Module:
    """Check every function, and return the module."""
    for fn in (module.main, *module.functions.values()):
        verify_function(fn)
    return module


def verify_function(fn: Function) -> None:
    """Raise InternalError, with the function printed, if ``fn`` is ill-formed.

    Until the stash is planned, the backward half of a joint function may name any variable of its forward half.
    """
    checker = _Checker(fn, fn.halves is None or fn.halves.planned)
    for p in fn.params:
        checker.define(p, None)
    checker.block(fn.body)


class _Checker:
    def __init__(self, fn: Function, planned: bool) -> None:
        self.fn = fn
        self.planned = planned
        self.scope: set[Var] = set()
        self.defined: set[Var] = set()
        self.after_split = False

    def fail(self, message: str, where: Stmt | Block | None) -> None:
        text = print_function(self.fn, types=True, bad=where)
        raise InternalError(f"srcdiff made an ill-formed program ({message}); please report this:\n{text}")

    def define(self, var: Var, where: Stmt | None) -> None:
        if var in self.defined:
            self.fail(f"{var!r} is assigned twice", where)
        self.defined.add(var)
        self.scope.add(var)

    def use(self, var: Var, where: Stmt | Block) -> None:
        visible = self.defined if self.after_split and not self.planned else self.scope
        if var not in visible:
            self.fail(f"{var!r} is used out of scope", where)

    def block(self, block: Block) -> None:
        """Check a block and close its scope."""
        added: list[Var] = []
        for stmt in block.stmts:
            self.stmt(stmt)
            added.extend(defs_of(stmt))
        for var in arg_vars(block.results):
            self.use(var, block)
        self.scope.difference_update(added)

    def stmt(self, stmt: Stmt) -> None:
        for var in uses_of(stmt):
            self.use(var, stmt)
        if isinstance(stmt, Op):
            self.op(stmt)
        elif isinstance(stmt, If):
            self.branch(stmt)
        else:
            self.loop(stmt)
        for var in defs_of(stmt):
            self.define(var, stmt)

    def op(self, op: Op) -> None:
        if op.name not in OPS:
            self.fail(f"unknown operation {op.name}", op)
        if op.name == "split":
            self.after_split = True
        elif op.name != "call" and len(op.args) != len(OPS[op.name].params):
            self.fail(f"{op.name} takes {len(OPS[op.name].params)} arguments, not {len(op.args)}", op)

    def branch(self, stmt: If) -> None:
        for arm in blocks_of(stmt):
            if len(arm.results) != len(stmt.outs):
                self.fail(f"an arm hands on {len(arm.results)} values, not {len(stmt.outs)}", stmt)
            self.block(arm)
            for out, result in zip(stmt.outs, arm.results, strict=True):
                self.same(out.type, result, arm)

    def loop(self, loop: Loop) -> None:
        counts = {len(loop.params), len(loop.inits), len(loop.outs), len(loop.carried)}
        if len(counts) != 1 or (loop.index is None) == (loop.cond is None) or (loop.stop and not loop.body.results):
            self.fail("a loop whose parts do not fit together", loop)
        head = [*loop.params, *([] if loop.index is None else [loop.index])]
        for var in head:
            self.define(var, loop)
        if loop.cond is not None:
            self.block(loop.cond)
        self.block(loop.body)
        self.scope.difference_update(head)
        for group in (loop.inits, loop.carried, loop.outs):
            for param, other in zip(loop.params, group, strict=True):
                self.same(param.type, other, loop)

    def same(self, t: Type, atom: Atom, where: Stmt | Block) -> None:
        if isinstance(atom, Const) and (atom.value is UNDEF or atom.value is None):
            return
        if not _fits(t, atom.type):
            self.fail(f"{atom.type} where {t} is expected", where)


def _fits(a: Type, b: Type) -> bool:
    """Whether values of type ``b`` may stand where ``a`` is declared.

    They agree up to dimensions, layout, and Python or NumPy scalars; a weak array may be a scalar.
    """
    if isinstance(a, Object) or isinstance(b, Object):
        return True
    if isinstance(a, Array) and isinstance(b, Array):
        return a.dtype == b.dtype and (len(a.shape) == len(b.shape) or a.weak)
    if isinstance(a, (Array, Scalar)) and isinstance(b, (Array, Scalar)):
        weak = isinstance(a, Scalar) or a.weak or not a.shape
        return weak and (not isinstance(b, Array) or not b.shape) and np.can_cast(b.dtype, a.dtype, "same_kind")
    if isinstance(a, List) and isinstance(b, List):
        return a.elem is None or b.elem is None or _fits(a.elem, b.elem)
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        return len(a.items) == len(b.items) and all(map(_fits, a.items, b.items))
    return isinstance(a, (Stash, Tuple)) and isinstance(b, (Stash, Tuple))
