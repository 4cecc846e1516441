"""Forward mode: tangents alongside the values, from the same rules as reverse mode.

Before::                            After::

    def f(x):                           def f(x, x_dot):
        y = np.sin(x)                       y = np.sin(x)
        return np.sum(y)                    y_dot = x_dot * np.cos(x)
                                            return np.sum(y), np.sum(y_dot)

A variable without a tangent has a structural zero. Loops carry the tangents of what they carry where it is varied; an
``If`` hands on the tangents that one of its arms made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import field, replace

from ..analysis.activity import Summary, activity, summaries
from ..errors import UnsupportedError
from ..ir.build import Builder, const
from ..ir.copying import Copier
from ..ir.core import UNDEF, Atom, Block, Const, Function, If, Loop, Module, Op, Stmt, Var, blocks_of
from ..ir.hints import dot_of, give
from ..ir.types import Array, List, Scalar, Type, is_active_type
from ..records import dataclass
from .bars import bar_type, of_all_trips
from .expand import tangent
from .fit import add, as_result, fit, zeros
from .forward_structural import HANDLERS

__all__ = ["Forwarder", "forward"]

UPDATES = frozenset({"setview", "addview", "subview", "setitem", "additem", "pop", "pop_in", "append", "append_in"})

Varied = tuple[int, ...]


def forward(module: Module, wrt: Sequence[int], *, keep_value: bool = True) -> Module:
    """The module with tangents: parameters are the primal's, then a tangent for each of ``wrt``; results are the value's
    leaves (if ``keep_value``), then a tangent for each result (0.0 for one that cannot carry a derivative)."""
    program = _Program(module)
    main = module.main
    walk = Forwarder(program, main, tuple(wrt))
    kept = main.body.results if keep_value else ()
    dots = tuple(walk.final(r) for r in main.body.results)
    body = Block(tuple(walk.builder.stmts), kept + dots)
    made = replace(main, params=(*main.params, *walk.seeds), body=body, result=None, halves=None)
    program.finish()
    return replace(module, main=made, functions=module.functions | program.made)


@dataclass
class _Program:
    """What the functions of one module share: each kept function with tangents once for each set of varied parameters."""

    module: Module
    made: dict[str, Function] = field(default_factory=dict)
    keys: dict[tuple[str, Varied], str] = field(default_factory=dict)
    work: list[tuple[str, str, Varied]] = field(default_factory=list)
    calls: dict[str, Summary] = field(init=False)

    def __post_init__(self) -> None:
        self.calls = summaries(self.module)

    def key(self, name: str, varied: Varied) -> str:
        """The name of ``name`` with tangents for the parameters ``varied``."""
        if (name, varied) not in self.keys:
            base, number = f"{name}_jvp", 1
            while base in self.module.functions or base in self.keys.values():
                number += 1
                base = f"{name}_jvp_{number}"
            self.keys[name, varied] = base
            self.work.append((base, name, varied))
        return self.keys[name, varied]

    def dotted_results(self, name: str, varied: Varied) -> list[int]:
        """The results that have a tangent if the parameters ``varied`` have one."""
        return [k for k, params in enumerate(self.calls[name]) if params.intersection(varied)]

    def finish(self) -> None:
        while self.work:
            key, name, varied = self.work.pop(0)
            fn = self.module.functions[name]
            custom = fn.rule is not None and fn.rule.kind == "custom"
            self.made[key] = (self._by_rule if custom else self._kept)(key, fn, varied)

    def _kept(self, key: str, fn: Function, varied: Varied) -> Function:
        walk = Forwarder(self, fn, varied)
        results = self.dotted_results(fn.name, varied)
        dots = tuple(walk.final(fn.body.results[k]) for k in results)
        total = len(fn.body.results)
        written = [(len(fn.params) + varied.index(p), total + results.index(r))
                   for p, r in fn.written if p in varied and r in results]
        body = Block(tuple(walk.builder.stmts), fn.body.results + dots)
        return replace(fn, name=key, params=(*fn.params, *walk.seeds), body=body, written=(*fn.written, *written), halves=None,
                       rule=fn.rule)


    def _by_rule(self, key: str, fn: Function, varied: Varied) -> Function:
        """A function with a rule of its own, with tangents for some of its parameters."""
        assert fn.rule is not None
        rule = fn.rule.forward
        if rule is None:
            raise UnsupportedError(f"forward mode through {fn.name}: {fn.rule.reason}", fn.loc, "give it one with defjvp")
        b = Builder(self.module.facts, fn.loc, "tangent")
        wrt = [k for k, p in enumerate(fn.params) if is_active_type(p.type)]
        own = dict(zip(wrt, rule.params[len(fn.params):], strict=True))
        dots = {k: Var(own[k].type, dot_of(fn.params[k])) for k in varied}
        copier = Copier({var: dots[k] if k in dots else zeros(b, fn.params[k]) for k, var in own.items()})
        b.stmts.extend(copier.stmts(rule.body.stmts))
        total = len(fn.body.results)
        values, ends = rule.body.results[:total], rule.body.results[total:]
        place = dict(zip((k for k, r in enumerate(fn.body.results) if is_active_type(r.type)), ends, strict=True))
        results = (*values, *(place[k] for k in self.dotted_results(fn.name, varied)))
        body = Block(tuple(b.stmts), tuple(map(copier.atom, results)))
        return replace(fn, name=key, params=(*fn.params, *dots.values()), body=body, args=(), rule=None)


class Forwarder:
    """The walk over one function: re-emits each statement, and its tangent after it."""

    def __init__(self, program: _Program, fn: Function, wrt: Varied) -> None:
        self.program = program
        self.builder = Builder(program.module.facts, role="tangent")
        self.varied = activity(fn, [fn.params[k] for k in wrt], (), program.calls).varied
        self.demanded = _demanded(fn.body, self.varied)
        self.dots: dict[Var, Atom] = {}
        self.seeds = [self._carry(fn.params[k], fn.params[k].type) for k in wrt]
        self._block(fn.body)

    # -- tangents ------------------------------------------------------------------------------------------------------

    def dot(self, x: Atom) -> Atom | None:
        """The tangent of ``x``, or None: a structural zero."""
        return self.dots.get(x) if isinstance(x, Var) else None

    def full(self, x: Atom) -> Atom:
        """The tangent of ``x``, zeros if it has none."""
        found = self.dot(x)
        return zeros(self.builder, x) if found is None else found

    def put(self, x: Var, dot: Atom | None) -> None:
        """``x_dot = dot``."""
        if dot is None or not is_active_type(x.type):
            return
        if isinstance(dot, Var) and not dot.hint:
            give(dot, dot_of(x))
        self.dots[x] = dot

    def add(self, a: Atom | None, b: Atom | None, like: Type) -> Atom | None:
        """The sum of two tangents, either of which may be missing."""
        return b if a is None else a if b is None else add(self.builder, a, b, like)

    def final(self, x: Atom) -> Atom:
        """The tangent of a result, of the result's own shape."""
        if not is_active_type(x.type):
            return const(0.0)
        shape_of = x if isinstance(x, Var) else None
        return as_result(self.builder, fit(self.builder, self.full(x), x.type, shape_of), x.type)

    def _carry(self, x: Var, t: Type | None = None) -> Var:
        """The variable for the tangent of ``x`` where it is a parameter or handed on by a loop or branch."""
        dot = Var(t or bar_type(x), dot_of(x))
        self.dots[x] = dot
        return dot

    # -- statements ----------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> None:
        for stmt in block.stmts:
            with self.builder.at(stmt.loc):
                self._stmt(stmt)

    def _stmt(self, stmt: Stmt) -> None:
        if isinstance(stmt, If):
            self._branch(stmt)
        elif isinstance(stmt, Loop):
            self._loop(stmt)
        elif stmt.name == "call":
            self._call(stmt)
        elif stmt.name not in ("split", "mark"):
            self._op(stmt)

    def _op(self, op: Op) -> None:
        handler = HANDLERS.get(op.name)
        if handler is not None and op.name in UPDATES:
            handler(self, op)  # the tangent of an update reads tangents only: its own write comes first
            self.builder.add(op)
            return
        self.builder.add(op)
        if handler is not None:
            handler(self, op)
        elif any(out in self.varied for out in op.outs):
            for out, dot in zip(op.outs, tangent(self.builder, op, self.dots.get), strict=True):
                self.put(out, dot)

    def _branch(self, stmt: If) -> None:
        arms = []
        for arm in (stmt.then, stmt.orelse):
            with self.builder.block() as stmts:
                self._block(arm)
            arms.append((arm, stmts))
        dotted = [k for k, out in enumerate(stmt.outs)
                  if out in self.demanded or any(self.dot(arm.results[k]) is not None for arm, _ in arms)]
        blocks, kinds = [], []
        for arm, stmts in arms:
            self.builder.stmts, outer = stmts, self.builder.stmts
            dots = tuple(self._handed_on(arm.results[k], stmt.outs[k]) for k in dotted)
            self.builder.stmts = outer
            blocks.append(Block(tuple(stmts), arm.results + dots))
            kinds.append(dots)
        outs = tuple(self._carry(stmt.outs[k], _phi_type(stmt.outs[k], *pair))
                     for k, *pair in zip(dotted, *kinds, strict=True))
        self.builder.add(replace(stmt, then=blocks[0], orelse=blocks[1], outs=stmt.outs + outs, twin=0))

    def _handed_on(self, result: Atom, out: Var) -> Atom:
        """The tangent of an arm's or a trip's result: UNDEF with the value, zeros if it has none."""
        if not isinstance(result, Var) and result.value is not UNDEF and isinstance(out.type, Array):
            return const(0.0)
        return self.full(result)

    def _loop(self, loop: Loop) -> None:
        wanted = self.varied | self.demanded
        dotted = [k for k, p in enumerate(loop.params) if p in wanted or loop.outs[k] in wanted]
        inits = tuple(self._handed_on(loop.inits[k], loop.params[k]) for k in dotted)
        params = tuple(of_all_trips(self._carry(loop.params[k])) for k in dotted)
        with self.builder.block() as stmts:
            self._block(loop.body)
            results = tuple(self._handed_on(loop.carried[k], loop.params[k]) for k in dotted)
        outs = tuple(of_all_trips(self._carry(loop.outs[k])) for k in dotted)
        body = Block(tuple(stmts), loop.body.results + results)
        self.builder.add(replace(loop, params=loop.params + params, inits=loop.inits + inits, body=body,
                                 outs=loop.outs + outs, twin=0))

    def _call(self, op: Op) -> None:
        varied = tuple(k for k, a in enumerate(op.args) if self.dot(a) is not None)
        results = self.program.dotted_results(op.callee, varied)
        if not results:
            self.builder.add(op)
            return
        dots = tuple(self._carry(op.outs[k]) for k in results)
        args = (*op.args, *(self.dots[op.args[k]] for k in varied))
        self.builder.add(replace(op, args=args, outs=op.outs + dots, callee=self.program.key(op.callee, varied)))


def _demanded(body: Block, varied: Collection[Var]) -> set[Var]:
    """Arrays and lists that may be unassigned where a tangent takes their place as zeros: they carry one of their own.

    Zeros like a variable can only be made where it is assigned.
    """
    sources: dict[Var, tuple[Atom, ...]] = {}
    _phis(body, sources)
    unassigned: set[Atom] = set()
    size = -1
    while len(unassigned) > size:
        size = len(unassigned)
        unassigned.update(v for v, found in sources.items() if any(
            a in unassigned or (isinstance(a, Const) and a.value is UNDEF) for a in found))
    demanded: set[Var] = set()
    work = [v for v in sources if v in varied]
    while work:
        for a in sources.get(work.pop(), ()):
            if isinstance(a, Var) and a in unassigned and a not in varied and a not in demanded and _is_large(a.type):
                demanded.add(a)
                work.append(a)
    return demanded


def _is_large(t: Type) -> bool:
    return isinstance(t, (Array, List)) and is_active_type(t)


def _phis(block: Block, found: dict[Var, tuple[Atom, ...]]) -> None:
    """The results of branches and loops, and what loops carry, each with what it takes its value from."""
    for stmt in block.stmts:
        for inner in blocks_of(stmt):
            _phis(inner, found)
        if isinstance(stmt, If):
            found.update(zip(stmt.outs, zip(stmt.then.results, stmt.orelse.results, strict=True), strict=True))
        elif isinstance(stmt, Loop):
            ends = list(zip(stmt.inits, stmt.carried, strict=True))
            found.update(zip(stmt.params, ends, strict=True))
            found.update(zip(stmt.outs, ends, strict=True))


def _phi_type(x: Var, a: Atom, b: Atom) -> Type:
    """The type of a tangent that two arms hand on."""
    if isinstance(x.type, Scalar):
        return Scalar(x.type.dtype, all(isinstance(v.type, Scalar) and v.type.py for v in (a, b)))
    return bar_type(x)
