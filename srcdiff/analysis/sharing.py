"""Which parameters' memory a variable may be, or be a view of.

Flow through operations that may return memory of an argument, through the values of loops and branches, and into lists.
Used at the boundary: which arguments a function writes (they must not overlap others), and which ones its stash refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ir.core import Block, Function, If, Loop, Module, Op, Var, arg_vars
from ..ir.graph import reached
from ..ir.ops import OPS
from ..ir.types import Array, List, Stash, Tuple

__all__ = ["MAY_SHARE", "Origins", "origins", "written_params"]

MAY_SHARE = frozenset("np." + name for name in (
    "asarray", "ascontiguousarray", "asfortranarray", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_arrays",
    "broadcast_to", "diag", "diagonal", "expand_dims", "flip", "fliplr", "flipud", "imag", "matrix_transpose",
    "moveaxis", "nan_to_num", "permute_dims", "ravel", "real", "reshape", "rollaxis", "rot90", "squeeze", "swapaxes",
    "transpose", "array_split", "split", "dsplit", "hsplit", "vsplit",
))
"""NumPy functions whose result may be a view of an argument."""

Graph = dict[Var, list[Var]]


class Origins:
    """Answers :func:`origins` for many values of one function."""

    def __init__(self, fn: Function) -> None:
        self._graph = _graph(fn.body)

    def of(self, values: Iterable[object]) -> set[Var]:
        """Every variable whose memory one of ``values`` may share, themselves included."""
        return reached((v for v in values if isinstance(v, Var) and _holds_memory(v)), self._graph)


def origins(fn: Function, values: Iterable[object]) -> set[Var]:
    """Every variable whose memory one of ``values`` may share, themselves included."""
    return Origins(fn).of(values)


def written_params(module: Module) -> set[int]:
    """Positions of the parameters whose memory the main function writes, or would without the copies made later."""
    fn = module.main
    found = origins(fn, _written(module, fn.body))
    return {k for k, p in enumerate(fn.params) if p in found}


def _holds_memory(var: Var) -> bool:
    return isinstance(var.type, (Array, List, Tuple, Stash))


def _graph(block: Block) -> Graph:
    graph: Graph = {}
    for source, target in _edges(block):
        if isinstance(source, Var) and _holds_memory(source) and _holds_memory(target):
            graph.setdefault(target, []).append(source)
    return graph


def _edges(block: Block) -> Iterator[tuple[object, Var]]:
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            yield from _op_edges(stmt)
        elif isinstance(stmt, If):
            for arm in (stmt.then, stmt.orelse):
                yield from _edges(arm)
                yield from zip(arm.results, stmt.outs, strict=True)
        elif isinstance(stmt, Loop):
            yield from _edges(stmt.body)
            for param, init, result, out in zip(stmt.params, stmt.inits, stmt.carried, stmt.outs, strict=True):
                yield from ((init, param), (init, out), (result, param), (result, out))


def _op_edges(op: Op) -> Iterator[tuple[object, Var]]:
    spec = OPS.get(op.name)
    lists = any(isinstance(o.type, (List, Tuple)) for o in op.outs)
    if spec is not None and spec.fresh and not lists and op.name not in MAY_SHARE:
        return
    if spec is not None and spec.inplace is not None and not lists:
        yield from ((op.args[spec.inplace], out) for out in op.outs)
        return
    for out in op.outs:
        yield from ((source, out) for source in arg_vars(op.args))


def _written(module: Module, block: Block) -> Iterator[object]:
    """The operands of all in-place operations."""
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            spec = OPS.get(stmt.name)
            if stmt.name == "call":
                yield from (stmt.args[param] for param, _ in module.functions[stmt.callee].written)
            elif spec is not None and spec.inplace is not None:
                yield stmt.args[spec.inplace]
        elif isinstance(stmt, If):
            yield from _written(module, stmt.then)
            yield from _written(module, stmt.orelse)
        elif isinstance(stmt, Loop):
            yield from _written(module, stmt.body)
