"""Which operations must stay, in their order, whether or not anybody needs their results."""

from __future__ import annotations

from collections.abc import Iterator

from ..ir.core import Block, Module, Op, blocks_of
from ..ir.ops import OPS

__all__ = ["effectful_functions", "has_effect", "ops_of"]


def ops_of(block: Block) -> Iterator[Op]:
    """Every operation in a block and in the blocks inside it."""
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            yield stmt
        for inner in blocks_of(stmt):
            yield from ops_of(inner)


def effectful_functions(module: Module) -> frozenset[str]:
    """Names of the kept functions that have an effect, themselves or through what they call."""
    calls = {name: [op for op in ops_of(f.body) if op.name == "call" or _own_effect(op)]
             for name, f in module.functions.items()}
    halves = {half: name for name, f in module.functions.items() if f.halves for half in (f.halves.fwd, f.halves.bwd)}
    found: set[str] = set()
    grew = True
    while grew:
        grew = False
        for name, ops in calls.items():
            if name not in found and any(op.name != "call" or halves.get(op.callee, op.callee) in found for op in ops):
                found.add(name)
                grew = True
    return frozenset(found | {half for half, name in halves.items() if name in found})


def has_effect(op: Op, effectful: frozenset[str]) -> bool:
    """Whether ``op`` must stay: it has an effect, or calls a function that has one."""
    return op.callee in effectful if op.name == "call" else OPS[op.name].effect


def _own_effect(op: Op) -> bool:
    return OPS[op.name].effect and op.name not in ("split", "mark")
