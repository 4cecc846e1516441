"""Which variables carry a derivative that anybody asks for.

A variable is *varied* if it depends differentiably on an active parameter, and *useful* if an active result depends
differentiably on it; it is active if both. Because a variable is assigned once, this is reachability in one flat graph:
loops add edges (init to parameter, result to parameter, result to out), so a nest costs no more than its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ir.core import Block, Function, If, Loop, Module, Op, Var, arg_vars
from ..ir.graph import reached
from ..ir.ops import OPS
from ..ir.types import is_active_type
from ..records import dataclass

__all__ = ["Activity", "Pattern", "Summary", "activity", "call_pattern", "differentiable_args", "summaries"]

Pattern = tuple[tuple[int, ...], tuple[int, ...]]  # active parameters and active results of a call
Summary = tuple[frozenset[int], ...]  # for each result of a function, the parameters that it depends on

STRUCTURAL_ARGS: dict[str, tuple[int, ...]] = {
    "view": (0,), "setview": (0, 1), "addview": (0, 1), "subview": (0, 1), "unbroadcast": (0,), "cast": (0,), "as_scalar": (0,),
    "list": (0,), "copylist": (0,), "append": (0, 1), "append_in": (0, 2), "pop": (0,), "pop_in": (0,), "getitem": (0,),
    "setitem": (0, 2), "additem": (0, 2), "addlist": (0, 1), "tuple": (0,), "untuple": (0,), "smul": (0, 1), "sdiv": (0, 1),
    "zeros_list": (), "mark": (), "split": (),
}


@dataclass(frozen=True)
class Activity:
    """The variables of one function that are varied, and those that are also useful (active)."""

    varied: frozenset[Var]
    active: frozenset[Var]


def activity(fn: Function, inputs: Iterable[Var], outputs: Iterable[Var], calls: dict[str, Summary]) -> Activity:
    """Activity of ``fn`` from the parameters ``inputs`` to the results ``outputs``."""
    forward, backward = _graph(fn, calls)
    varied = _reach(inputs, forward)
    useful = _reach(outputs, backward)
    return Activity(frozenset(varied), frozenset(v for v in varied if v in useful))


def differentiable_args(op: Op) -> tuple[int, ...]:
    """Positions of the arguments through which a derivative may flow (a missing rule counts: it is an error later)."""
    if op.name in STRUCTURAL_ARGS:
        return STRUCTURAL_ARGS[op.name]
    spec = OPS[op.name]
    if spec.rule is not None and spec.rule.kind == "constant":
        return ()
    return tuple(k for k in range(len(op.args)) if k not in spec.shape_only)


def summaries(module: Module) -> dict[str, Summary]:
    """For every kept function, which results depend on which parameters: from bottom, until nothing grows."""
    found: dict[str, Summary] = {name: (frozenset(),) * len(f.body.results) for name, f in module.functions.items()}
    grew = True
    while grew:
        grew = False
        for name, fn in module.functions.items():
            summary = _summary(fn, found)
            grew |= summary != found[name]
            found[name] = summary
    return found


def _summary(fn: Function, calls: dict[str, Summary]) -> Summary:
    if fn.rule is not None and fn.rule.kind == "custom":  # whatever its body does
        every = frozenset(k for k, p in enumerate(fn.params) if is_active_type(p.type))
        return tuple(every if is_active_type(r.type) else frozenset() for r in fn.body.results)
    forward, _ = _graph(fn, calls)
    reaching = [_reach([p], forward) for p in fn.params]
    return tuple(frozenset(k for k, vars in enumerate(reaching) if r in vars) for r in fn.body.results)


_Graph = dict[Var, list[Var]]


def _graph(fn: Function, calls: dict[str, Summary]) -> tuple[_Graph, _Graph]:
    forward: _Graph = {}
    backward: _Graph = {}
    for source, target in _edges(fn.body, calls):
        if isinstance(source, Var) and is_active_type(source.type) and is_active_type(target.type):
            forward.setdefault(source, []).append(target)
            backward.setdefault(target, []).append(source)
    return forward, backward


def _reach(seeds: Iterable[Var], graph: _Graph) -> set[Var]:
    return reached((s for s in seeds if is_active_type(s.type)), graph)


def _edges(block: Block, calls: dict[str, Summary]) -> Iterator[tuple[object, Var]]:
    for stmt in block.stmts:
        if isinstance(stmt, Op):
            yield from _op_edges(stmt, calls)
        elif isinstance(stmt, If):
            for arm in (stmt.then, stmt.orelse):
                yield from _edges(arm, calls)
                yield from zip(arm.results, stmt.outs, strict=True)
        else:
            yield from _loop_edges(stmt, calls)


def _op_edges(op: Op, calls: dict[str, Summary]) -> Iterator[tuple[Var, Var]]:
    if op.name == "call":
        for out, params in zip(op.outs, calls[op.callee], strict=True):
            yield from ((op.args[k], out) for k in sorted(params))
        return
    sources = arg_vars(tuple(op.args[k] for k in differentiable_args(op)))
    for out in op.outs:
        yield from ((s, out) for s in sources)


def _loop_edges(loop: Loop, calls: dict[str, Summary]) -> Iterator[tuple[object, Var]]:
    yield from _edges(loop.body, calls)
    for param, init, result, out in zip(loop.params, loop.inits, loop.carried, loop.outs, strict=True):
        yield from ((init, param), (init, out), (result, param), (result, out))


def call_pattern(op: Op, summary: Summary, active: frozenset[Var]) -> Pattern:
    """Which parameters and results of a kept call carry a derivative at this call."""
    results = tuple(k for k, out in enumerate(op.outs) if out in active)
    params = {p for k in results for p in summary[k] if op.args[p] in active}
    return tuple(sorted(params)), results
