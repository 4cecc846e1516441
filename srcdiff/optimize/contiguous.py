"""Before updates in place: a write through ``reshape`` needs memory in C order.

Before::

    x1 = addview(x0, v, .reshape(2, 3)[1])         x0 in an order that the types do not tell

After::

    c = np.ascontiguousarray(x0)
    x1 = addview(c, v, .reshape(2, 3)[1])

``x0.reshape(2, 3)`` is a copy where the order is another one, and an update of it would be lost. For the user's own writes lowering
has settled the order (of an argument by a fact); adjoints get theirs from whatever operation made them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..ir.core import Block, Function, If, Loop, Module, Op, Path, Reshape, Stmt, Var
from ..ir.types import Array

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
        elif _needs_order(stmt):
            base = stmt.args[0]
            copy = Var(replace(base.type, layout="C"), base.hint)
            stmts.append(Op("np.ascontiguousarray", (base,), (copy,), stmt.loc, stmt.role))
            stmt = replace(stmt, args=(copy, *stmt.args[1:]))
        stmts.append(stmt)
    return Block(tuple(stmts), block.results)


def _needs_order(op: Op) -> bool:
    if op.name not in ("setview", "addview", "subview"):
        return False
    base, path = op.args[0], op.args[2]
    assert isinstance(path, Path) and isinstance(base.type, Array)
    return any(isinstance(s, Reshape) for s in path.steps) and len(base.type.shape) > 1 and not _is_c(base.type.layout)


def _is_c(layout: Any) -> bool:
    if isinstance(layout, tuple) and layout[0] == "K":
        return all(_is_c(inner) for inner in layout[1])
    if isinstance(layout, tuple) and layout[0] == "arg":
        return bool(layout[-1] == "C")
    return bool(layout == "C" or (isinstance(layout, tuple) and layout[0] == "lead" and _is_c(layout[1])))
