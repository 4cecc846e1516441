"""What an operation does to memory: which operands it updates, and which values keep a reference to others.

Used by the last stages only (:mod:`srcdiff.optimize.inplace`, :mod:`srcdiff.codegen`); before them everything is a value.
"""

from __future__ import annotations

from ..analysis.sharing import MAY_SHARE, origins
from ..ir.core import (
    Arg,
    Atom,
    Block,
    Function,
    If,
    Index,
    Loop,
    Module,
    Op,
    Path,
    Reshape,
    Stmt,
    Transpose,
    Var,
    arg_vars,
    blocks_of,
)
from ..ir.ops import OPS
from ..ir.structural import is_fancy
from ..ir.types import Array, List, Object, Stash, Tuple, Type
from ..rules.table import registered_function

__all__ = ["call_args", "holds", "is_buffer", "is_container", "is_fresh", "is_transfer", "phi_sources", "returned",
           "shared_args", "updates",
           "walk"]

def is_buffer(t: Type) -> bool:
    """Whether values of this type can share memory with others."""
    return isinstance(t, (Array, List, Tuple, Stash, Object))


def is_container(t: Type) -> bool:
    return isinstance(t, (List, Tuple, Stash, Object))


def call_args(op: Op) -> tuple[Arg, ...]:
    """The arguments of a ``call``, one for each parameter of the callee."""
    return op.args[0] if len(op.args) == 1 and isinstance(op.args[0], tuple) else op.args


def updates(op: Op, module: Module) -> list[tuple[int, int]]:
    """(argument, result) positions of what ``op`` updates in place."""
    if op.name == "call":
        return list(module.functions[op.callee].written) if op.callee in module.functions else []
    at = OPS[op.name].inplace
    if at is None:
        return []
    return [(at, 1 if op.name in ("pop", "pop_in") else 0)]


def is_fresh(op: Op, k: int, module: Module) -> bool:
    """Whether result ``k`` of ``op`` is memory of its own (an update of memory that it owns counts)."""
    if any(out == k for _, out in updates(op, module)):
        return True
    if op.name == "view":
        return is_fancy(op.args[1])
    if op.name == "cast":
        return op.args[0].type.dtype != op.outs[0].type.dtype  # type: ignore[union-attr]
    if op.name == "call":
        return True
    if op.name in MAY_SHARE or registered_function(op.name) is not None:
        return False
    return op.name not in ("pop", "pop_in", "getitem", "untuple") and OPS[op.name].fresh


def is_transfer(op: Op) -> bool:
    """Whether the result may take over the memory of the first argument, where nothing else needs that any more."""
    if op.name == "view":
        return all(isinstance(s, (Index, Transpose, Reshape)) for s in op.args[1].steps)
    return op.name in ("cast", "unbroadcast", "stop_gradient")


def shared_args(op: Op) -> list[Var]:
    """The variables whose memory a result of ``op`` that is not fresh may share."""
    if op.name == "view":
        return arg_vars(op.args[0])
    skip = OPS[op.name].shape_only
    return [v for k, a in enumerate(op.args) if k not in skip and not isinstance(a, Path) for v in arg_vars(a)
            if is_buffer(v.type)]


def holds(op: Op, k: int, module: Module) -> list[Var]:
    """The variables that result ``k`` of ``op``, a container, keeps references to."""
    if op.name == "call" and op.callee in module.functions:
        return _held_by_call(op, k, module.functions[op.callee])
    if op.name in ("append", "append_in", "setitem"):
        return [v for a in op.args[1:] for v in arg_vars(a) if is_buffer(v.type)]
    if op.name in ("list", "tuple") or (op.name == "call" and is_container(op.outs[k].type)):
        return [v for v in arg_vars(op.args) if is_buffer(v.type)]
    return []


def _held_by_call(op: Op, k: int, callee: Function) -> list[Var]:
    """Of the arguments of a call, those whose memory its result ``k`` may refer to (a stash that holds an argument)."""
    if not is_container(op.outs[k].type):
        return []
    found = origins(callee, callee.body.results[k:k + 1])
    args = [a for p, a in zip(callee.params, call_args(op), strict=True) if p in found]
    return [v for v in arg_vars(tuple(args)) if is_buffer(v.type)]


def returned(fn: Function) -> list[int]:
    """The results that Python's ``return`` hands out: not those that are updated in place."""
    inplace = {r for _, r in fn.written}
    return [k for k in range(len(fn.body.results)) if k not in inplace]


def walk(block: Block) -> list[Stmt]:
    """Every statement of ``block`` and of the blocks within."""
    found: list[Stmt] = []
    for stmt in block.stmts:
        found.append(stmt)
        for inner in blocks_of(stmt):
            found.extend(walk(inner))
    return found


def phi_sources(stmt: If | Loop, k: int) -> tuple[Atom, Atom]:
    """The two atoms that slot ``k`` of a statement takes its value from."""
    if isinstance(stmt, If):
        return stmt.then.results[k], stmt.orelse.results[k]
    return stmt.inits[k], stmt.carried[k]
