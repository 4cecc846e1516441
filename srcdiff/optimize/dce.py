"""Dead code elimination: keeps what a result or an effect needs.

Before::                          After::

    y = np.sin(x)                     s = np.sum(x)
    s = np.sum(x)                     return s
    return s

One reachability over a flat graph: a variable needs the operands of its operation and the ``If`` or loop around it; that
needs its condition or range. So dead carried values and dead results of branches go too, at any depth, in one go.

In a backward half a ``mark`` stays exactly if the write that it names stays; then its mirrors stay, with range and condition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..analysis.effects import effectful_functions, has_effect, is_frame, ops_of, without_empty_regions
from ..ir.core import Atom, Block, Function, If, Loop, Module, Op, Stmt, Var, arg_vars

__all__ = ["run"]

Node = Var | If | Loop


def run(module: Module) -> Module:
    """Remove dead code from every function, and functions that nobody calls."""
    effectful = effectful_functions(module)
    main = _clean(module.main, effectful)
    functions = {name: _clean(f, effectful) for name, f in module.functions.items()}
    called = _called(main, functions)
    return replace(module, main=main, functions={name: f for name, f in functions.items() if name in called})


def _called(main: Function, functions: dict[str, Function]) -> set[str]:
    """The functions that can be reached from ``main``; a call of one half of a joint function reaches it."""
    halves = {half: name for name, f in functions.items() if f.halves for half in (f.halves.fwd, f.halves.bwd)}
    found: set[str] = set()
    work = [main]
    while work:
        fn = work.pop()
        work += [part for part in (fn.rule.reverse, fn.rule.forward) if part is not None] if fn.rule is not None else []
        for op in ops_of(fn.body):
            name = halves.get(op.callee, op.callee)
            if name in functions and name not in found:
                found.add(name)
                work.append(functions[name])
    return found


def _clean(fn: Function, effectful: frozenset[str]) -> Function:
    graph = _Graph(effectful)
    graph.block(fn.body, None)
    graph.need(arg_vars(fn.body.results))
    graph.settle_marks()
    return replace(fn, body=_sweep(fn.body, graph, fn.body.results))


class _Graph:
    """What each node needs, and which nodes are needed."""

    def __init__(self, effectful: frozenset[str]) -> None:
        self.effectful = effectful
        self.needs: dict[Node, list[Node]] = {}
        self.needed: set[Node] = set()
        self.roots: list[Node] = []
        self.marks: list[tuple[Var, If | Loop | None]] = []
        self.kept_marks: set[Var] = set()

    def block(self, block: Block, owner: If | Loop | None) -> None:
        outer: list[Node] = [] if owner is None else [owner]
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                self._op(stmt, owner, outer)
            elif isinstance(stmt, If):
                self._branch(stmt, outer)
            else:
                self._loop(stmt, outer)

    def _op(self, op: Op, owner: If | Loop | None, outer: list[Node]) -> None:
        if op.name == "mark":
            self.marks.append((op.args[0], owner))
            return
        needs = [*outer, *arg_vars(op.args)]
        for out in op.outs:
            self.needs[out] = needs
        if has_effect(op, self.effectful) and not is_frame(op):
            self.roots += needs

    def _branch(self, stmt: If, outer: list[Node]) -> None:
        self.needs[stmt] = [*outer, *arg_vars(stmt.cond)]
        for k, out in enumerate(stmt.outs):
            self.needs[out] = [stmt, *arg_vars((stmt.then.results[k], stmt.orelse.results[k]))]
        self.block(stmt.then, stmt)
        self.block(stmt.orelse, stmt)

    def _loop(self, loop: Loop, outer: list[Node]) -> None:
        head: list[Node] = [*outer, *arg_vars(tuple(a for a in (loop.lo, loop.hi, loop.step) if a is not None))]
        if loop.cond is not None:
            head += arg_vars(loop.cond.results)
            self.block(loop.cond, loop)
        if loop.stop:
            head += arg_vars(loop.body.results[0])
        self.needs[loop] = head
        for param, init, result, out in zip(loop.params, loop.inits, loop.carried, loop.outs, strict=True):
            self.needs[param] = self.needs[out] = [loop, *arg_vars((init, result))]
        for var in (loop.index, loop.trips):
            if var is not None:
                self.needs[var] = [loop]
        self.block(loop.body, loop)

    def need(self, nodes: Iterable[Node]) -> None:
        work = [*nodes, *self.roots]
        self.roots = []
        while work:
            node = work.pop()
            if node not in self.needed:
                self.needed.add(node)
                work += self.needs.get(node, ())

    def settle_marks(self) -> None:
        """Keep the marks whose write is kept, until nothing changes: their mirrors may need more of the forward half."""
        while live := [(var, owner) for var, owner in self.marks if var in self.needed and var not in self.kept_marks]:
            self.kept_marks.update(var for var, _ in live)
            self.need(owner for _, owner in live if owner is not None)


def _sweep(block: Block, graph: _Graph, results: tuple[Atom, ...]) -> Block:
    kept = [new for stmt in block.stmts if (new := _sweep_stmt(stmt, graph)) is not None]
    return Block(tuple(without_empty_regions(kept)), results)


def _sweep_stmt(stmt: Stmt, graph: _Graph) -> Stmt | None:
    if isinstance(stmt, Op):
        if stmt.name == "mark":
            return stmt if stmt.args[0] in graph.kept_marks else None
        alive = any(out in graph.needed for out in stmt.outs) or has_effect(stmt, graph.effectful)
        return stmt if alive else None
    if stmt not in graph.needed:
        return None
    if isinstance(stmt, If):
        kept = [k for k, out in enumerate(stmt.outs) if out in graph.needed]
        then, orelse = (_sweep(arm, graph, tuple(arm.results[k] for k in kept)) for arm in (stmt.then, stmt.orelse))
        return replace(stmt, then=then, orelse=orelse, outs=tuple(stmt.outs[k] for k in kept))
    return _sweep_loop(stmt, graph)


def _sweep_loop(loop: Loop, graph: _Graph) -> Loop:
    kept = [k for k, (p, o) in enumerate(zip(loop.params, loop.outs, strict=True)) if p in graph.needed or o in graph.needed]
    results = (loop.body.results[:1] if loop.stop else ()) + tuple(loop.carried[k] for k in kept)
    return replace(
        loop,
        params=tuple(loop.params[k] for k in kept),
        inits=tuple(loop.inits[k] for k in kept),
        outs=tuple(loop.outs[k] for k in kept),
        cond=None if loop.cond is None else _sweep(loop.cond, graph, loop.cond.results),
        body=_sweep(loop.body, graph, results),
        trips=loop.trips if loop.trips in graph.needed else None,
    )
