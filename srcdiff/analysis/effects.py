"""Which operations must stay, in their order, whether or not anybody needs their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..ir.core import Block, Const, Function, Module, Op, Stmt, blocks_of
from ..ir.ops import OPS

__all__ = ["effectful_functions", "has_effect", "ignored", "is_frame", "ops_of", "raises", "runs_once", "without_empty_regions"]


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


def runs_once(fn: Function, module: Module) -> Op | None:
    """An operation of ``fn``, or of what it calls, that must not be done twice: its result differs from call to call, or it
    writes to an object outside of the program.
    """
    seen: set[str] = set()
    work = [fn]
    while work:
        for op in ops_of(work.pop().body):
            if op.name in ("outside", "record"):
                return op
            if op.name == "call" and op.callee in module.functions and op.callee not in seen:
                seen.add(op.callee)
                work.append(module.functions[op.callee])
    return None


def has_effect(op: Op, effectful: frozenset[str]) -> bool:
    """Whether ``op`` must stay: it has an effect, or calls a function that has one."""
    return op.callee in effectful if op.name == "call" else OPS[op.name].effect


def is_frame(stmt: Stmt) -> bool:
    """Whether a statement only says how those around it run (``with np.errstate``, ``try``): it stays where its block does."""
    return isinstance(stmt, Op) and (stmt.name in ("finally", "leave") or (stmt.name == "enter" and _is_pure(stmt)))


def _is_pure(enter: Op) -> bool:
    manager = enter.args[0]
    return isinstance(manager, Const) and (manager.value is None or manager.value is np.errstate)


def ignored(enter: Op) -> tuple[tuple[Const, Const], ...]:
    """The warnings that a ``with np.errstate(...)`` switches off."""
    manager, _, pairs = enter.args
    if not isinstance(manager, Const) or manager.value is not np.errstate:
        return ()
    return tuple((name, how) for name, how in pairs if isinstance(how, Const) and how.value == "ignore")


def without_empty_regions(stmts: Sequence[Stmt]) -> list[Stmt]:
    """The statements without regions that nothing stands in."""
    kept: list[Stmt] = []
    for stmt in stmts:
        if isinstance(stmt, Op) and stmt.name == "leave":
            start = len(kept) - 1
            while start > 0 and is_frame(kept[start]) and kept[start].name == "finally":  # type: ignore[union-attr]
                start -= 1
            last = kept[start] if kept else None
            if isinstance(last, Op) and last.name == "enter" and _is_pure(last):
                del kept[start:]
                continue
        kept.append(stmt)
    return kept


def _own_effect(op: Op) -> bool:
    return OPS[op.name].effect and op.name not in ("split", "mark") and not is_frame(op)


def raises(block: Block) -> bool:
    """Whether control never gets to the end of a block, since it raises."""
    return bool(block.stmts) and isinstance(last := block.stmts[-1], Op) and last.name == "raise"
