"""Loops: what they carry is found by lowering the body until nothing grows.

Carried are names whose binding changes and storages that get a new version. A storage is carried once, whatever
number of names look at it. A name that is rebound gets a storage of its own at the loop's head; that it may share memory
with another one, at the entry or over the back edge (which is a join too), is part of the fixed point.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from ..ir import dims
from ..ir.build import block, const
from ..ir.core import Loop, Var, atoms_of
from ..ir.dims import hint_of
from ..ir.structural import sym_of
from ..ir.types import INT, Array, Scalar, Type
from .aliases import EmptyHere, numbered
from .back_edge import BackEdge
from .context import Lowerer
from .control import EXIT, RETURNED, flag, is_false, lower_stmts, raise_unsupported, set_flag
from .loop_objects import keep_objects
from .loop_plan import TABLE, Carried, Plan, Slot, Trip, carriable
from .names import assigned_names
from .nests import built
from .structure import flatten, same_value
from .tables import as_table
from .values import DynList, Obj, Poison, Ref, State
from .widening import alternatives, widen

__all__ = ["Trip", "run_loop"]

class CondChanges(Exception):
    """The condition of a while binds or writes something: it has to be lowered as ``while True`` with a break."""


def run_loop(cx: Lowerer, trip: Trip) -> None:
    """Lower a loop and go on in the state after it."""
    start, stmts = next(cx.ids), len(cx.builder.stmts)
    plan = cx.memo.setdefault((trip.node, start), Plan())
    predict(cx, trip, plan)
    if trip.node.orelse:
        cx.else_loops.add(start)
        set_flag(cx, f"<broke {start}>", const(False))
    entry = cx.state
    for _ in range(50):
        cx.restart(start + 1)
        del cx.builder.stmts[stmts:]
        before = cx.state = entry.copy()
        for oid in [oid for oid, template in plan.dynamic.items() if template == TABLE and oid in before.objs]:
            as_table(cx, Obj(oid))
        cx.state = before.copy()
        attempt = Attempt(cx, trip, plan, before, start)
        cx.rolled.append(start)
        try:
            attempt.lower()
        finally:
            cx.rolled.pop()
        if not attempt.grew():
            attempt.finish()
            return
    cx.refuse("a loop whose variables never settle to one type", trip.node, "give each variable one type before the loop")


def predict(cx: Lowerer, trip: Trip, plan: Plan) -> None:
    """Names that the body assigns and that are live at its head: most often all that is carried."""
    frame = cx.frames[-1]
    head = frame.scope.head.get(trip.node, frozenset())
    rebound = rebound_names(trip.body)
    for name in sorted(assigned_names(trip.body) & head):
        value = cx.state.env.get((frame.fid, name))
        if value is None or not carriable(value) or (name not in rebound and any(isinstance(v, Ref) for v in flatten(value))):
            continue
        plan.slots.setdefault(("name", (frame.fid, name)))


def rebound_names(stmts: list[ast.stmt]) -> frozenset[str]:
    """Names that are bound anew: ``x += v`` does not count, it may be a write."""
    augmented = {id(n.target) for s in stmts for n in ast.walk(s) if isinstance(n, ast.AugAssign)}
    return frozenset(n.id for s in stmts for n in ast.walk(s)
                     if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and id(n) not in augmented)


class Attempt(BackEdge):
    """One lowering of the body under a plan."""

    def lower(self) -> None:
        cx, trip = self.cx, self.trip
        self.header()
        self.head_state = cx.state.copy()
        frame = cx.frames[-1]
        if trip.cond is not None:
            self.lower_cond()
        frame.loops.append(self.loop_id)
        try:
            with cx.builder.block() as self.stmts:
                set_flag(cx, EXIT, const(False))
                set_flag(cx, f"<stop {self.loop_id}>", const(False))
                if trip.cond is None:
                    self.index = Var(INT, trip.index_hint)
                    ends = (None if a is None else sym_of(a) for a in (trip.lo, trip.hi, trip.step))
                    self.index.sym = dims.index_sym(self.index.uid, *ends)
                    cx.loop_indices.append(self.index)
                try:
                    trip.begin(self.index)
                    lower_stmts(cx, trip.body)
                    keep_objects(cx, self.head_state, self.live_head)
                except EmptyHere as error:
                    if len(cx.rolled) == 1 or cx.fallbacks:
                        raise
                    raise_unsupported(cx, error)  # perhaps another round over the loop around it knows more
                self.end = cx.state
                self.stop = flag(cx, f"<stop {self.loop_id}>")
                if self.end.dead:
                    self.stop = const(True)
        finally:
            frame.loops.pop()

    def lower_cond(self) -> None:
        cx = self.cx
        assert self.trip.cond is not None
        before = cx.state.copy()
        with cx.builder.block() as stmts:
            result = self.trip.cond()
        changed = any(not same_value(before.env.get(k), v) for k, v in cx.state.env.items()) or before.objs != cx.state.objs \
            or any(cx.state.store[s] is not v for s, v in before.store.items())
        if changed:
            raise CondChanges
        cx.state = before
        self.cond = block(stmts, (result,))

    # -- after the loop ------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Append the loop; names and storages now mean what came out of it."""
        cx, trip = self.cx, self.trip
        outs = tuple(Var(self.type_after(c), c.param.hint) for c in self.carried)
        for c, out in zip(self.carried, outs, strict=True):
            kinds = alternatives(cx.joined, c.param).union(*(alternatives(cx.joined, r) for r in (c.result,) if r is not None))
            if isinstance(out.type, Scalar) and len(kinds) > 1:
                cx.joined[out] = kinds
        has_stop = not is_false(self.stop)
        results = tuple(widen(c.result, c.param.type) for c in self.carried)  # type: ignore[arg-type]
        if has_stop:
            results = (self.stop, *results)
        trips = Var(INT, "trips") if has_stop or self.cond is not None else None
        cx.builder.add(Loop(
            tuple(c.param for c in self.carried), tuple(widen(c.init, c.param.type) for c in self.carried),
            block(self.stmts, results), outs, self.index, trip.lo, trip.hi, trip.step, trip.reverse, self.cond,
            has_stop, trips, cx.builder.loc, cx.builder.role))
        cx.state = self.after_state(dict(zip([id(c) for c in self.carried], outs, strict=True)))
        if not is_false(flag(cx, RETURNED)):
            set_flag(cx, EXIT, flag(cx, RETURNED))
            if cx.frames[-1].loops:
                set_flag(cx, f"<stop {cx.frames[-1].loops[-1]}>", flag(cx, RETURNED))

    def type_after(self, c: Carried) -> Type:
        """A scalar that every trip makes an array is one after the loop, if there is a trip; that becomes a fact."""
        t, last = c.param.type, c.result.type if c.result is not None else None
        if not isinstance(t, Array) or not t.weak or not isinstance(last, Array) or last.weak:
            return t
        return replace(t, weak=False) if self.has_a_trip() else t

    def has_a_trip(self) -> bool:
        """Whether there is at least one trip at this call; that there is becomes a fact."""
        count = None if self.trip.count is None else sym_of(self.trip.count)
        hint = hint_of(count) if isinstance(count, (int, dims.Dim)) else None
        if hint is None or hint < 1:
            return False
        if isinstance(count, dims.Dim):
            self.cx.facts.assume(f"{count} >= 1")
        return True

    def bound_each_trip(self, c: Carried) -> Ref | None:
        """The view of an older storage that every trip binds a name to: its value after the loop, if there was a trip."""
        value = getattr(c, "value", None)
        if not isinstance(value, Ref) or value.sid == c.sid or value.sid not in self.entry.store:
            return None
        inside = any(isinstance(a, Var) and a.uid > self.start for a in atoms_of(value.path))
        return value if not inside and self.has_a_trip() else None

    def after_state(self, outs: dict[int, Var]) -> State:
        cx = self.cx
        state = self.head_state
        known = numbered(state)
        for key, group in self.end.links.items():
            if key in known:
                state.links[key] = state.links.get(key, frozenset()) | (group & known)
        cx.state = state
        for slot in self.plan.slots:
            mine = [c for c in self.carried if c.what == slot]
            if slot in self.plan.poison:
                self.set_slot(slot, Poison(self.plan.poison[slot]))
            elif slot[0] == "dyn":
                contents = state.objs[slot[1]]
                assert isinstance(contents, DynList)
                template = self.end.objs[slot[1]]
                state.objs[slot[1]] = DynList(tuple(outs[id(c)] for c in mine),
                                              template.template if isinstance(template, DynList) else contents.template)
            else:
                self.leave_slot(slot, mine, outs)
        for c in self.carried:
            if not isinstance(c.what, tuple):
                state.store[c.what] = outs[id(c)]
        return state

    def leave_slot(self, slot: Slot, mine: list[Carried], outs: dict[int, Var]) -> None:
        leaves: list[Any] = []
        for c in mine:
            out = outs[id(c)]
            if (same := self.bound_each_trip(c)) is not None:
                leaves.append(same)
            elif c.sid is not None:
                self.cx.state.store[c.sid] = out
                leaves.append(Ref(c.sid))
            else:
                leaves.append(out)
        self.set_slot(slot, built(self.cx, self.templates[slot], leaves, self.heads[slot]))
