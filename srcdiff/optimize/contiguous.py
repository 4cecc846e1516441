"""Before updates in place: a write through ``reshape`` needs memory in C order.

Before::

    x1 = addview(x0, v, .reshape(2, 3)[1])         x0 in an order that the types do not tell

After::

    c = np.ascontiguousarray(x0)
    x1 = addview(c, v, .reshape(2, 3)[1])

``x0.reshape(2, 3)`` is a copy where the order is another one, and an update of it would be lost. For the user's own writes
lowering has settled the order (of an argument by a fact); adjoints get theirs from whatever operation made them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import UnsupportedError
from ..ir.core import Block, Const, Diagonal, Function, If, Index, Loop, Module, Op, Reshape, Stmt, Transpose, Var
from ..ir.structural import leading

__all__ = ["run"]


def run(module: Module) -> Module:
    """The module with contiguous targets for every write through a reshape."""
    functions = {name: _function(f) for name, f in module.functions.items()}
    return replace(module, main=_function(module.main), functions=functions)


def _function(fn: Function) -> Function:
    return replace(fn, body=_block(fn.body))


def _block(block: Block) -> Block:
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        if isinstance(stmt, If):
            stmt = replace(stmt, then=_block(stmt.then), orelse=_block(stmt.orelse))
        elif isinstance(stmt, Loop):
            stmt = replace(stmt, body=_block(stmt.body))
        elif (order := _needed_order(stmt)) is not None:
            base = stmt.args[0]
            copy = Var(replace(base.type, layout=order), base.hint)
            name = "np.ascontiguousarray" if order == "C" else "np.asfortranarray"
            stmts.append(Op(name, (base,), (copy,), stmt.loc, stmt.role))
            stmt = replace(stmt, args=(copy, *stmt.args[1:]))
        stmts.append(stmt)
    return Block(tuple(stmts), block.results)


def _needed_order(op: Op) -> str | None:
    """The order that the target of a write through a reshape must have; None where it has it, or none is needed."""
    if op.name not in ("setview", "addview", "subview"):
        return None
    base, steps = op.args[0], op.args[2].steps
    rank = len(base.type.shape)
    at = [k for k, s in enumerate(steps) if isinstance(s, Reshape) and _rank_after(rank, steps[:k]) > 1]
    if not at or rank < 2:
        return None
    for order in ("C", "F"):
        if all(_order_after(order, steps[:k]) == "C" for k in at):
            return None if _order(base.type.layout) == order else order
    raise UnsupportedError("a write through a reshape of this view", op.loc, "copy, reshape, write, and assign the result back")


def _rank_after(rank: int, steps: tuple[Any, ...]) -> int:
    """The number of axes of a view; one axis is in equal steps, so it is reshaped without a copy wherever it lies."""
    for step in steps:
        if isinstance(step, Reshape):
            rank = len(step.shape)
        elif isinstance(step, Index):
            rank += sum(item is None for item in step.items) - sum(isinstance(item, (Const, Var)) for item in step.items)
        elif isinstance(step, Diagonal):
            rank -= 1
    return rank


def _order_after(order: str, steps: tuple[Any, ...]) -> str:
    """The order of a view of an array that is in ``order``; "A" where it need not be in one."""
    for step in steps:
        if isinstance(step, Transpose):
            full = step.perm == tuple(reversed(range(len(step.perm))))
            order = {"C": "F", "F": "C"}.get(order, "A") if full else order if step.perm == tuple(sorted(step.perm)) else "A"
        elif isinstance(step, Index):
            order = "C" if order == "C" and leading(step.items) else "A"
        else:
            order = "A" if not isinstance(step, Reshape) else order
    return order


def _order(layout: Any) -> str:
    """The order that a layout promises."""
    if not isinstance(layout, tuple):
        return str(layout)
    if layout[0] == "arg":
        return str(layout[-1])
    if layout[0] == "T":
        return {"C": "F", "F": "C"}.get(_order(layout[1]), "A")
    if layout[0] == "lead":
        return "C" if _order(layout[1]) == "C" else "A"
    found = {_order(inner) for inner in layout[1]}
    return found.pop() if len(found) == 1 else "A"
