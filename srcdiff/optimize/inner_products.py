"""Sums of products of two arrays as inner products: no array for the product, one pass over memory instead of three.

Before::                                        After::

    t = np.multiply(g, y)                           p_bar = np.vdot(g, y)       np.matmul for vectors: g @ y
    p_bar = np.sum(t, None, False, None)

The terms are added up in another order, so this is done in adjoints and tangents of double precision only. Nothing is
differentiated after it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ..ir.core import Arg, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, arg_vars, blocks_of, uses_of
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, rank_of

__all__ = ["run"]


def run(module: Module) -> Module:
    """The module with inner products in every function."""
    functions = {name: _function(f, module.facts) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main, module.facts), functions=functions)


def _function(fn: Function, facts: Facts) -> Function:
    uses: Counter[Var] = Counter()
    _count(fn.body, uses)
    return replace(fn, body=_Rewriter(uses, facts).block(fn.body))


def _count(block: Block, uses: Counter[Var]) -> None:
    for stmt in block.stmts:
        uses.update(uses_of(stmt))
        for inner in blocks_of(stmt):
            _count(inner, uses)
    uses.update(arg_vars(block.results))


class _Rewriter:
    """``uses`` counts the uses of each variable."""

    def __init__(self, uses: Counter[Var], facts: Facts) -> None:
        self.uses, self.facts = uses, facts

    def block(self, block: Block) -> Block:
        """Each inner product stands where the product of its factors stood, so that they need not live longer."""
        products = {s.outs[0]: (k, s) for k, s in enumerate(block.stmts) if isinstance(s, Op) and self.is_product(s)}
        stmts: list[Stmt | None] = []
        for stmt in block.stmts:
            summed = stmt.args[0] if isinstance(stmt, Op) and _is_sum(stmt) else None
            if isinstance(stmt, Op) and isinstance(summed, Var) and summed in products and self.uses[summed] == 1:
                at, product = products[summed]
                stmts[at] = _inner(product, stmt)
                stmts.append(None)
            else:
                stmts.append(self.inside(stmt))
        return replace(block, stmts=tuple(s for s in stmts if s is not None))

    def inside(self, stmt: Stmt) -> Stmt:
        if isinstance(stmt, If):
            return replace(stmt, then=self.block(stmt.then), orelse=self.block(stmt.orelse))
        return replace(stmt, body=self.block(stmt.body)) if isinstance(stmt, Loop) else stmt

    def is_product(self, op: Op) -> bool:
        """Whether ``op`` multiplies two arrays of one shape."""
        if op.name != "np.multiply":
            return False
        t = op.outs[0].type
        return isinstance(t, Array) and t.shape != () and all(self.is_like(a, t) for a in op.args)

    def is_like(self, arg: Arg, product: Array) -> bool:
        t = arg.type
        if not isinstance(t, Array) or t.weak or t.dtype != "float64" or len(t.shape) != len(product.shape):
            return False
        return all(a == b or self.are_equal(a, b) for a, b in zip(t.shape, product.shape, strict=True))

    def are_equal(self, a: DimLike, b: DimLike) -> bool:
        """Whether two lengths are known to be equal."""
        return f"{a} == {b}" in self.facts.conditions or f"{b} == {a}" in self.facts.conditions


def _inner(product: Op, total: Op) -> Op:
    name = "np.matmul" if rank_of(product.outs[0].type) == 1 else "np.vdot"
    return Op(name, product.args, total.outs, total.loc, total.role)


def _is_sum(op: Op) -> bool:
    """The sum of all elements of an array, in an adjoint or a tangent."""
    return op.name == "np.sum" and op.role != "primal" and all(isinstance(a, Const) and (a.value is None or a.value is False)
                                                                 for a in op.args[1:])
