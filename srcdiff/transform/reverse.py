"""Reverse mode: one backward walk over the structured program.

Before::

    def f(x):                     def f(x):
        y = np.sin(x)        =>       y = np.sin(x)
        s = np.sum(y)                 s = np.sum(y)
        return s                      split()
                                      y_bar = np.broadcast_to(1.0, x.shape)
                                      x_bar = y_bar * np.cos(x)
                                      return s, x_bar

The walk is functional: the adjoint of a storage is an array value, a read through a path is an ``addview`` into it. The
backward half may name every variable of the forward half, also those inside loops and branches, as if all values were
still there; planning the stash makes that true. An ``If`` is mirrored by an ``If`` on the recorded condition, a loop by a
loop over its trips in reverse that carries the adjoints of what it carried and of what its body read from outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field, replace

import numpy as np

from ..analysis.activity import Activity, Pattern, Summary, activity, call_pattern, summaries
from ..analysis.effects import ignored, raises, runs_once
from ..errors import DerivativeTypeError, UnsupportedError
from ..ir.build import Builder, const
from ..ir.core import UNDEF, Atom, Block, Const, Function, Halves, If, Loop, Module, Op, Stmt, Var, defs_of
from ..ir.dims import Facts
from ..ir.hints import bar_of, give
from ..ir.tree import Node, leaves
from ..ir.types import INT, Array, List, Object, Scalar, Stash, Type, is_active_type
from ..records import dataclass
from . import reverse_calls, reverse_lists, reverse_views
from .bars import Scope, bar_type, of_all_trips
from .expand import adjoints
from .fit import add, apply, as_result, fit, is_zero, shape_atoms, zeros
from .mirrors import Mirrors, mirrors_of
from .reverse_calls import KeptCall, buffered, joint_of_rule, overwritten
from .shape_roots import ShapeRoots

__all__ = ["Reverser", "reverse"]

HANDLERS = reverse_views.HANDLERS | reverse_lists.HANDLERS  # one result
MANY = reverse_lists.MANY | reverse_calls.MANY  # several results, of which some may have no adjoint
WRITES = frozenset({"setview", "addview", "subview", "append", "append_in", "pop", "pop_in", "setitem", "additem"})


def reverse(module: Module, wrt: Sequence[int], *, keep_value: bool, seed: bool = False,
            has_aux: bool = False) -> tuple[Module, Mirrors]:
    """The joint module: results are the value (if ``keep_value``), then a gradient for each of ``wrt`` (indices of parameters).

    ``seed``: the adjoints of the results are further parameters, one for each result that can carry one; otherwise the
    result must be one real number. ``has_aux``: only the first item of the result is differentiated.
    """
    main = module.main
    outputs = _outputs(main, has_aux)
    if not seed:
        _check_scalar(main, outputs)
    program = _Program(module)
    joint = _joint_main(program, main, tuple(wrt), outputs, keep_value, seed)
    program.finish()
    made = replace(module, main=joint, functions=module.functions | program.joints)
    return made, mirrors_of(joint)


def _outputs(main: Function, has_aux: bool) -> tuple[int, ...]:
    """Indices of the results that are differentiated."""
    kept = range(len(main.body.results))
    if has_aux and isinstance(main.result, Node):
        kept = sorted({leaf.index for leaf in leaves(main.result.items[0])})  # type: ignore[assignment]
    return tuple(k for k in kept if is_active_type(main.body.results[k].type))


def _check_scalar(main: Function, outputs: tuple[int, ...]) -> None:
    found = [main.body.results[k].type for k in outputs]
    ok = len(found) == 1 and (isinstance(found[0], Scalar) or (isinstance(found[0], Array) and not found[0].shape))
    if not ok or "complex" in found[0].dtype:  # type: ignore[union-attr]
        what = ", ".join(map(str, found)) or "nothing that can be differentiated"
        raise DerivativeTypeError(f"grad needs a function whose result is one real number; {main.name} returns {what}")


def _joint_main(program: _Program, main: Function, wrt: tuple[int, ...], outputs: tuple[int, ...], keep_value: bool,
                seed: bool) -> Function:
    inputs = [main.params[k] for k in wrt]
    results = main.body.results
    walk = Reverser(program, main, inputs, [results[k] for k in outputs])
    bars = [Var(_seed_type(results[k].type), bar_of(results[k], "out_bar")) if seed else const(1.0) for k in outputs]
    walk.run([(results[k], bar) for k, bar in zip(outputs, bars, strict=True)])
    gradients = tuple(walk.gradient(p) for p in inputs)
    kept = results if keep_value else ()
    params = main.params + tuple(v for v in bars if isinstance(v, Var))
    halves = Halves(len(main.params), len(kept), f"{main.name}_fwd", f"{main.name}_bwd")
    return replace(main, params=params, body=walk.joint_body(kept + gradients), result=None, halves=halves)


def _seed_type(t: Type) -> Type:
    return replace(t, layout="A") if isinstance(t, Array) else t


@dataclass
class _Program:
    """What the functions of one module share while they are reversed: each kept function once for each pattern."""

    module: Module
    joints: dict[str, Function] = field(default_factory=dict)
    keys: dict[tuple[str, Pattern], str] = field(default_factory=dict)
    work: list[tuple[str, str, Pattern]] = field(default_factory=list)
    calls: dict[str, Summary] = field(init=False)

    def __post_init__(self) -> None:
        self.calls = summaries(self.module)

    @property
    def facts(self) -> Facts:
        return self.module.facts

    def stash_items(self, stash: Type) -> tuple[Type, ...]:
        """The types of what a kept function's forward half packs up; once that is differentiated too, its own does."""
        assert isinstance(stash, Stash)
        halves = re.compile(re.escape(stash.name) + r"(_fwd(_\d+)?)+")
        made = (s for name, fn in self.module.functions.items() if halves.fullmatch(name) for s in reversed(fn.body.stmts)
                if isinstance(s, Op) and s.name == "tuple" and s.outs[0].type == stash)
        return tuple(item.type for item in next(made).args[0])

    def key(self, name: str, pattern: Pattern) -> str:
        """The name under which ``name`` is reversed for ``pattern``: its halves are that name and ``_fwd`` or ``_bwd``."""
        if (name, pattern) not in self.keys:
            base, number = name, 1
            while f"{base}_joint" in self.module.functions or base in self.keys.values():
                number += 1
                base = f"{name}_{number}"
            self.keys[name, pattern] = base
            self.work.append((base, name, pattern))
        return self.keys[name, pattern]

    def finish(self) -> None:
        """Reverse the kept functions that were asked for, and those that they ask for."""
        while self.work:
            key, name, pattern = self.work.pop(0)
            fn = self.module.functions[name]
            custom = fn.rule is not None and fn.rule.kind == "custom"
            self.joints[f"{key}_joint"] = (joint_of_rule if custom else _joint_kept)(self, fn, key, pattern)


def _joint_kept(program: _Program, fn: Function, key: str, pattern: Pattern) -> Function:
    """The joint form of a kept function; ``reverse_calls`` describes the calling convention of its backward half."""
    inputs, outputs = ([fn.params[k] for k in pattern[0]], [fn.body.results[k] for k in pattern[1]])
    walk = Reverser(program, fn, inputs, outputs)
    bars = tuple(Var(_seed_type(r.type), "out_bar") for r in outputs)
    buffers = {p: Var(bar_type(fn.params[p]), bar_of(fn.params[p])) for p in buffered(fn, pattern)}
    for p, buffer in buffers.items():
        walk.scope.set(fn.params[p], buffer)
    walk.run(list(zip(outputs, bars, strict=True)))
    found = tuple(walk.final(p) for p in inputs)
    params = (*fn.params, *bars, *buffers.values())
    moved = {p: len(fn.params) + k for p, k in overwritten(fn, pattern).items()}
    handed = moved | {p: params.index(buffer) for p, buffer in buffers.items()}
    written = tuple((handed[p], len(fn.body.results) + k) for k, p in enumerate(pattern[0]) if p in handed)
    halves = Halves(len(fn.params), len(fn.body.results), f"{key}_fwd", f"{key}_bwd")
    body = walk.joint_body(fn.body.results + found)
    return replace(fn, name=f"{key}_joint", params=params, body=body, written=fn.written + written, halves=halves, rule=None)


class Reverser:
    """The backward walk over one function."""

    def __init__(self, program: _Program, fn: Function, inputs: Sequence[Var], outputs: Sequence[Atom]) -> None:
        self.program = program
        self.fn = fn
        self.builder = Builder(program.facts, role="adjoint")
        active: Activity = activity(fn, inputs, [r for r in outputs if isinstance(r, Var)], program.calls)
        self.active = active.active
        self.scope = Scope()
        self.roots = ShapeRoots()
        self.kept_calls: dict[Op, KeptCall] = {}
        self.maybe_unassigned: set[Var] = set()
        self._scalar_zero: set[Atom | None] = set()  # adjoints of those: arrays, or 0.0 where the variable was not assigned
        self.forward: tuple[Stmt, ...] = ()
        self.stashed: dict[Var, dict[int, tuple[Var, Atom]]] = {}  # adjoints of the items of stashes that are parameters
        self._twins = 0

    # -- whole functions -----------------------------------------------------------------------------------------------

    def run(self, seeds: Sequence[tuple[Atom, Atom]]) -> None:
        """Walk the whole body; ``seeds`` are results with their adjoints."""
        self.forward = self._prepare(self.fn.body).stmts
        self._enter(self.forward, self.fn.params)
        for result, bar in seeds:
            self.add(result, bar)
        self._walk(self.forward)

    def joint_body(self, results: tuple[Atom, ...]) -> Block:
        return Block((*self.forward, Op("split", (), (), self.fn.loc), *self.builder.stmts), results)

    def gradient(self, param: Var) -> Atom:
        """The final adjoint of a parameter, of the parameter's own type."""
        bar, t = self.final(param), param.type
        if isinstance(bar, Const) and isinstance(t, Scalar) and t.py and isinstance(bar.value, float):
            return const(float(bar.value))
        if isinstance(t, Scalar) and bar.type != t:
            return self.builder.emit("as_scalar", bar, Const(t, Object("static")), hint=bar_of(param))
        if isinstance(t, Array) and not isinstance(bar.type, Array):
            return as_result(self.builder, fit(self.builder, bar, replace(t, weak=False), param), t)
        return bar

    def final(self, param: Var) -> Atom:
        """The final adjoint of a parameter, zeros if it has none."""
        if param in self.stashed:
            return self._final_stash(param)
        bar = self.scope.get(param)
        return self.zeros(param) if bar is None else bar

    def add_stashed(self, stash: Var, read: Op, bar: Atom) -> None:
        """The adjoint of a stash grows by that of one item; it is put together at the end."""
        items = self.stashed.setdefault(stash, {})
        place = read.args[1].value
        item = read.outs[0]
        items[place] = item, add(self.builder, items[place][1], bar, item.type) if place in items else bar

    def _final_stash(self, stash: Var) -> Atom:
        b, found = self.builder, self.stashed[stash]
        items: list[Atom] = []
        for k, t in enumerate(self.program.stash_items(stash.type)):
            if k in found:
                items.append(found[k][1])
            else:
                items.append(zeros(b, b.emit("untuple", stash, const(k), type=t)) if is_active_type(t) else const(0.0))
        return b.emit("tuple", tuple(items), type=stash.type)

    # -- the forward half ----------------------------------------------------------------------------------------------

    def _prepare(self, block: Block) -> Block:
        """The primal block, with what its mirror will ask for: twin numbers, trip counts, stashes of kept calls."""
        stmts = [self._prepare_stmt(s) for s in block.stmts if not (isinstance(s, Op) and s.name in ("split", "mark"))]
        return Block(tuple(stmts), block.results)

    def _prepare_stmt(self, stmt: Stmt) -> Stmt:
        if isinstance(stmt, Op):
            return self._prepare_call(stmt) if stmt.name == "call" else stmt
        self._twins += 1
        twin = self._twins
        if isinstance(stmt, If):
            then, orelse = self._prepare(stmt.then), self._prepare(stmt.orelse)
            ends = zip(stmt.outs, then.results, orelse.results, strict=True)
            self.maybe_unassigned.update(out for out, a, c in ends if self._unassigned(a) or self._unassigned(c))
            return replace(stmt, then=then, orelse=orelse, twin=twin)
        for param, init, out in zip(stmt.params, stmt.inits, stmt.outs, strict=True):
            if self._unassigned(init):
                self.maybe_unassigned.update((param, out))
        trips = stmt.trips
        if trips is None and (stmt.stop or stmt.cond is not None):
            trips = Var(INT, "trips")
        return replace(stmt, body=self._prepare(stmt.body), trips=trips, twin=twin)

    def _unassigned(self, x: Atom) -> bool:
        return x in self.maybe_unassigned if isinstance(x, Var) else x.value is UNDEF

    def _prepare_call(self, op: Op) -> Op:
        pattern = call_pattern(op, self.program.calls[op.callee], self.active)
        if not pattern[1]:
            return op
        key = self.program.key(op.callee, pattern)
        callee = self.program.module.functions[op.callee]
        if callee.rule is not None and callee.rule.kind == "checkpoint":
            if (once := runs_once(callee, self.program.module)) is not None:
                raise UnsupportedError(f"what {callee.name}, a checkpoint, does here cannot be done again in the backward pass",
                                       once.loc, "do it outside, and pass the result")
            self.kept_calls[op] = KeptCall(callee, key, pattern)
            return op
        made = replace(op, outs=(*op.outs, Var(Stash(key), "stash")), callee=f"{key}_fwd")
        self.kept_calls[made] = KeptCall(callee, key, pattern)
        return made

    # -- the backward half ---------------------------------------------------------------------------------------------

    def _enter(self, stmts: tuple[Stmt, ...], params: Sequence[Var] = ()) -> None:
        """Note what a block defines, before it is walked backwards."""
        self.scope.local.update(params)
        for stmt in stmts:
            self.scope.local.update(defs_of(stmt))
            self.roots.note(stmt)

    def _walk(self, stmts: tuple[Stmt, ...]) -> None:
        for stmt in reversed(stmts):
            with self.builder.at(stmt.loc):
                if isinstance(stmt, Op):
                    self._op(stmt)
                elif isinstance(stmt, If):
                    self._branch(stmt)
                else:
                    self._loop(stmt)

    def _op(self, op: Op) -> None:
        if op.name in ("enter", "leave"):
            self._mirror_region(op)
            return
        if op.name in WRITES:
            self.builder.emit_all("mark", op.outs[-1], types=())  # of pop, the list comes last
        bars = tuple(self.take(o) for o in op.outs)
        if all(bar is None for bar in bars):
            return
        if op.name in HANDLERS:
            assert bars[0] is not None
            HANDLERS[op.name](self, op, bars[0])
            return
        if op.name in MANY:
            MANY[op.name](self, op, bars)
            return
        for operand, bar in adjoints(self.builder, op, bars, self.active.__contains__):
            self.add(operand, bar)

    def _mirror_region(self, op: Op) -> None:
        """The warnings that the program switches off for some statements are off for their adjoints."""
        if op.name == "leave" and op.args[2]:
            self.builder.emit_all("enter", Const(np.errstate, Object("static")), (), op.args[2])
        elif op.name == "enter" and (off := ignored(op)):
            self.builder.emit_all("leave", (), const(None), off)

    def _branch(self, stmt: If) -> None:
        bars = [(k, bar) for k, out in enumerate(stmt.outs) if (bar := self.take(out)) is not None]
        if (passed := _only_way(stmt)) is not None:
            for k, bar in bars:
                self.add(passed.results[k], bar)
            return
        arms = [self._arm(arm, bars) for arm in (stmt.then, stmt.orelse)]
        changed = dict.fromkeys(x for scope, _ in arms for x in scope.changed())
        outs: list[Var] = []
        results: tuple[list[Atom], list[Atom]] = ([], [])
        for x in changed:
            base = self.scope.get(x)
            ends = [scope.bars.get(x, base) for scope, _ in arms]
            if ends[0] is ends[1] and ends[0] is not None:
                self.scope.set(x, ends[0])
                continue
            for k, (_, stmts) in enumerate(arms):
                results[k].append(self._or_zeros(ends[k], x, stmts))
            outs.append(self._carry(x, _phi_type(x, results[0][-1], results[1][-1])))
            self.scope.set(x, outs[-1])
        if outs or any(stmts for _, stmts in arms):
            then, orelse = (Block(tuple(stmts), tuple(r)) for (_, stmts), r in zip(arms, results, strict=True))
            self.builder.add(If(stmt.cond, then, orelse, tuple(outs), stmt.loc, "adjoint", twin=stmt.twin))

    def _arm(self, arm: Block, bars: list[tuple[int, Atom]]) -> tuple[Scope, list[Stmt]]:
        outer, self.scope = self.scope, Scope(self.scope)
        with self.builder.block() as stmts:
            self._enter(arm.stmts)
            for k, bar in bars:
                self.add(arm.results[k], bar)
            self._walk(arm.stmts)
        inner, self.scope = self.scope, outer
        return inner, stmts

    def _or_zeros(self, bar: Atom | None, x: Var, stmts: list[Stmt]) -> Atom:
        """``bar``, or zeros made at the end of ``stmts``."""
        if bar is not None:
            return bar
        with self.builder.block() as more:
            bar = self.zeros(x)
        stmts.extend(more)
        return bar

    def _loop(self, loop: Loop) -> None:
        active = [k for k, p in enumerate(loop.params) if p in self.active or loop.outs[k] in self.active]
        ends = [self.take(loop.outs[k]) for k in active]
        carried = [of_all_trips(self._carry(loop.params[k])) for k in active]
        outer, self.scope = self.scope, Scope(self.scope, self._carry)
        with self.builder.block() as stmts:
            self._enter(loop.body.stmts, loop.params)
            for k, bar in zip(active, carried, strict=True):
                self.add(loop.carried[k], bar)
            self._walk(loop.body.stmts)
            results = [self._or_zeros(self.scope.take(loop.params[k]), loop.params[k], stmts) for k in active]
        inner, self.scope = self.scope, outer
        if not stmts and not carried:
            return
        inits = [self.zeros(loop.outs[k]) if end is None else end for k, end in zip(active, ends, strict=True)]
        for x, param in inner.accumulators.items():
            base = outer.get(x)
            inits.append(self.zeros(x) if base is None else base)
            carried.append(param)
            results.append(inner.bars[x])
        sources = [loop.params[k] for k in active] + list(inner.accumulators)
        outs = tuple(map(self._carry, sources))
        for out in outs[:len(active)]:
            of_all_trips(out)
        self._mirror(loop, Loop(tuple(carried), tuple(inits), Block(tuple(stmts), tuple(results)), outs))
        for x, out in zip(inner.accumulators, outs[len(active):], strict=True):
            outer.set(x, out)
        for k, out in zip(active, outs, strict=False):
            self.add(loop.inits[k], out)

    def _carry(self, x: Var, t: Type | None = None) -> Var:
        """A variable for an adjoint of ``x`` that a loop or an ``If`` hands on."""
        bar = Var(t or bar_type(x), bar_of(x))
        if x in self.maybe_unassigned:
            self._scalar_zero.add(bar)
            if isinstance(bar.type, Array):
                bar.type = replace(bar.type, weak=True)
        return bar

    def _mirror(self, loop: Loop, made: Loop) -> None:
        """Emit ``made`` with the trips of ``loop`` in reverse."""
        b = self.builder
        lo, hi, step, reverse = loop.lo, loop.hi, loop.step, not loop.reverse
        if loop.index is None:
            lo, hi, step, reverse = const(0), loop.trips, const(1), True
        elif loop.stop:
            lo, hi = self._trips_made(loop)
        index = Var(INT, "" if loop.index is None else loop.index.hint)
        b.add(replace(made, index=index, lo=lo, hi=hi, step=step, reverse=reverse, loc=loop.loc, role="adjoint",
                      twin=loop.twin))

    def _trips_made(self, loop: Loop) -> tuple[Atom, Atom]:
        """The part of the range that was visited: from its start, or of a reversed loop up to its end."""
        lo, hi, step, trips = loop.lo, loop.hi, loop.step, loop.trips
        assert lo is not None
        assert hi is not None
        assert step is not None
        assert trips is not None
        if not loop.reverse:
            return lo, self._plus(lo, self._times(trips, step))
        b = self.builder
        count = b.emit("np.negative", b.emit("np.floor_divide", b.emit("np.subtract", lo, hi), step))
        start = self._plus(lo, self._times(b.emit("np.subtract", count, trips), step))
        return start, self._plus(lo, self._times(count, step))

    def _plus(self, a: Atom, c: Atom) -> Atom:
        return c if is_zero(a) else self.builder.emit("np.add", a, c)

    def _times(self, a: Atom, c: Atom) -> Atom:
        return a if isinstance(c, Const) and c.value == 1 else self.builder.emit("np.multiply", a, c)

    # -- adjoints ------------------------------------------------------------------------------------------------------

    def is_active(self, x: Atom) -> bool:
        return isinstance(x, Var) and x in self.active

    def take(self, x: Var) -> Atom | None:
        """The adjoint of ``x``, whose definition has been reached."""
        return self.scope.take(x)

    def add(self, x: Atom, bar: Atom) -> None:
        """``x_bar += bar``, brought to the shape and dtype of ``x``."""
        if not isinstance(x, Var) or x not in self.active or is_zero(bar):
            return
        root = self.roots.of(x)
        if x in self.maybe_unassigned:
            bar = bar if bar in self._scalar_zero else fit(self.builder, bar, x.type, root)
        else:
            bar = fit(self.builder, self._full(bar, x), x.type, root)
        base = self.scope.get(x)
        total = bar if base is None else add(self.builder, base, bar, x.type)
        if base in self._scalar_zero and bar in self._scalar_zero:
            self._scalar_zero.add(total)
        self.put(x, total)

    def _full(self, bar: Atom, x: Var) -> Atom:
        """``bar`` in the full shape of ``x``, which is assigned here."""
        if bar in self._scalar_zero and isinstance(x.type, Array):
            whole = replace(x.type, layout="A")
            return apply(self.builder, "np.broadcast_to", bar, shape=shape_atoms(self.builder, x), type=whole)
        return bar

    def put(self, x: Var, bar: Atom) -> None:
        """``x_bar = bar``."""
        if isinstance(bar, Var) and not bar.hint:
            give(bar, bar_of(x))
        self.scope.set(x, bar)

    def zeros(self, x: Var) -> Atom:
        """A zero adjoint for ``x``."""
        if x in self.maybe_unassigned and not isinstance(x.type, List):
            return const(0.0)
        return zeros(self.builder, self.roots.of(x))

    def base(self, x: Var) -> Atom:
        """The adjoint so far of ``x``, which is assigned here; zeros if there is none."""
        found = self.scope.get(x)
        return zeros(self.builder, self.roots.of(x)) if found is None else self._full(found, x)


def _only_way(stmt: If) -> Block | None:
    """The arm of a check (``if bad: raise ...``) that control goes on from, where it does nothing."""
    for arm, other in ((stmt.then, stmt.orelse), (stmt.orelse, stmt.then)):
        if not arm.stmts and raises(other):
            return arm
    return None


def _phi_type(x: Var, a: Atom, b: Atom) -> Type:
    """The type of an adjoint that two arms hand on."""
    t = x.type
    if isinstance(t, Scalar):
        return Scalar(t.dtype, all(isinstance(v.type, Scalar) and v.type.py for v in (a, b)))
    return replace(t, layout="A") if isinstance(t, Array) else t

