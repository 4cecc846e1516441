"""Loops: what they carry is found by lowering the body until nothing grows.

Carried are names whose binding changes and storages that get a new version. A storage is carried once, whatever
number of names look at it. A name that is rebound gets a storage of its own at the loop's head; that it may share memory
with another one, at the entry or over the back edge (which is a join too), is part of the fixed point.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.dims import hint_of
from ..ir.structural import sym_of
from ..ir.build import block, const
from ..ir.core import UNDEF, Atom, Block, Const, Loop, Var
from ..ir.types import INT, Array, List, Type
from .context import Lowerer, undef
from .control import EXIT, RESULT, RETURNED, flag, is_false, live_keys, lower_stmts, set_flag
from .join import NoJoin, _link, flatten, hint_for, is_number, join_types, rebuild, same_value, to_dynamic, widen
from .names import assigned_names
from .values import DynList, Fields, Poison, Ref, State, Tup, Value

__all__ = ["Trip", "run_loop"]

HEAD_ROOM = 1000
Key = tuple[int, str]
Slot = Any  # ("name", key) | ("obj", oid, index) | ("dyn", oid)


@dataclass
class Plan:
    """What is known so far of a loop's carried values; kept across the rounds of enclosing loops.

    Identifiers of frames, storages and objects are the same in every round, because numbering starts again at each
    and leaves room for what the head needs.
    """

    slots: dict[Slot, None] = field(default_factory=dict)
    sids: dict[int, None] = field(default_factory=dict)
    dynamic: dict[int, Any] = field(default_factory=dict)
    types: dict[tuple[Any, int], Type] = field(default_factory=dict)
    born: dict[Slot, Value] = field(default_factory=dict)
    links: set[tuple[Any, Any]] = field(default_factory=set)
    body_links: set[tuple[int, int]] = field(default_factory=set)
    poison: dict[Slot, str] = field(default_factory=dict)


@dataclass
class Trip:
    """How one trip starts: ``begin`` binds the loop's targets (``index`` is the trip's index, None in a while)."""

    node: ast.For | ast.While
    begin: Callable[[Var | None], None]
    body: list[ast.stmt]
    lo: Atom | None = None
    hi: Atom | None = None
    step: Atom | None = None
    reverse: bool = False
    cond: Callable[[], Atom] | None = None
    index_hint: str = ""
    count: Value | None = None


@dataclass
class Carried:
    """One carried IR value: a leaf of a slot, or a storage."""

    what: Any
    leaf: int
    init: Atom
    param: Var
    sid: int | None = None
    result: Atom | None = None


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
        cx.state = entry.copy()
        attempt = Attempt(cx, trip, plan, entry, start)
        attempt.lower()
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
        if value is None or not _carriable(value) or (name not in rebound and any(isinstance(v, Ref) for v in flatten(value))):
            continue
        plan.slots.setdefault(("name", (frame.fid, name)))


def rebound_names(stmts: list[ast.stmt]) -> frozenset[str]:
    """Names that are bound anew: ``x += v`` does not count, it may be a write."""
    augmented = {id(n.target) for s in stmts for n in ast.walk(s) if isinstance(n, ast.AugAssign)}
    return frozenset(n.id for s in stmts for n in ast.walk(s)
                     if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and id(n) not in augmented)


def _carriable(value: Value) -> bool:
    return all(isinstance(v, (Var, Const, Ref)) for v in flatten(value))


class Attempt:
    """One lowering of the body under a plan."""

    def __init__(self, cx: Lowerer, trip: Trip, plan: Plan, entry: State, loop_id: int) -> None:
        self.cx, self.trip, self.plan, self.entry = cx, trip, plan, entry
        self.carried: list[Carried] = []
        self.templates: dict[Slot, Value] = {}
        self.loop_id = loop_id
        self.index: Var | None = None
        self.cond: Block | None = None
        scope = cx.frames[-1].scope
        self.live_head = live_keys(cx, scope.head.get(trip.node, frozenset()) | scope.after.get(trip.node, frozenset()))

    # -- the head ------------------------------------------------------------------------------------------------------

    def header(self) -> None:
        cx = self.cx
        for oid, template in self.plan.dynamic.items():
            if oid in cx.state.objs:
                to_dynamic(cx, oid, template)
        for slot in self.plan.slots:
            self.enter_slot(slot)
        for sid in self.plan.sids:
            init = cx.state.store[sid]
            param = Var(init.type, init.hint)
            self.carried.append(Carried(sid, 0, init, param, sid))
            cx.state.store[sid] = param
        self.apply_links()
        cx.restart(self.loop_id + HEAD_ROOM)

    def enter_slot(self, slot: Slot) -> None:
        cx = self.cx
        if slot in self.plan.poison:
            self.set_slot(slot, Poison(self.plan.poison[slot]))
            return
        if slot[0] == "dyn":
            self.enter_list(slot)
            return
        value = self.get_slot(cx.state, slot)
        missing = value is None
        shape = self.plan.born[slot] if missing else value
        self.templates[slot] = shape
        leaves = []
        for k, leaf in enumerate(flatten(shape)):
            if isinstance(leaf, Const) and not is_number(leaf):
                leaves.append(leaf)
                continue
            known = self.plan.types.get((slot, k))
            init: Atom = undef(known or leaf.type) if missing else cx.read(leaf)  # type: ignore[union-attr]
            param = Var(known or init.type, hint_for(slot[1][1]) if slot[0] == "name" else getattr(init, "hint", ""))
            entry = Carried(slot, k, init, param)
            self.carried.append(entry)
            if isinstance(param.type, Array):
                entry.sid = cx.new_storage(param)
                self.alias_at_entry(entry, leaf, slot)
                leaves.append(Ref(entry.sid))
            else:
                leaves.append(param)
        self.set_slot(slot, rebuild(shape, iter(leaves)))

    def enter_list(self, slot: Slot) -> None:
        contents = self.cx.state.objs[slot[1]]
        assert isinstance(contents, DynList)
        params = []
        for k, lst in enumerate(contents.lists):
            param = Var(self.plan.types.get((slot, k), lst.type), lst.hint)
            self.carried.append(Carried(slot, k, lst, param))
            params.append(param)
        self.cx.state.objs[slot[1]] = DynList(tuple(params), contents.template)

    def alias_at_entry(self, entry: Carried, leaf: Value, slot: Slot) -> None:
        """At the entry the header storage is the memory of another storage: linked if that one is seen elsewhere."""
        if not isinstance(leaf, Ref):
            return
        cx = self.cx
        others = [v for k, v in self.entry.env.items() if k in self.live_head and ("name", k) != slot]
        saved, cx.state = cx.state, self.entry
        seen = cx.reachable(others)
        cx.state = saved
        assert entry.sid is not None
        if leaf.sid in seen:
            _link(cx.state.links, entry.sid, leaf.sid)
            for other in self.carried[:-1]:
                if other.sid is not None and ("entry", leaf.sid) == getattr(other, "origin", None):
                    _link(cx.state.links, entry.sid, other.sid)
        for partner in self.entry.links.get(leaf.sid, ()):
            _link(cx.state.links, entry.sid, partner)
        entry.origin = ("entry", leaf.sid)  # type: ignore[attr-defined]
        if leaf.sid in cx.foreign:
            cx.foreign.add(entry.sid)

    def apply_links(self) -> None:
        """Aliases that an earlier attempt found over the back edge."""
        where = {(c.what, c.leaf): c.sid for c in self.carried if c.sid is not None}
        for a, b in sorted(self.plan.links, key=repr):
            x = where.get(a)
            y = where.get(b) if isinstance(b, tuple) else b
            if x is not None and y is not None:
                self.cx.link(x, y) if x == y else _link(self.cx.state.links, x, y)
        for x, y in sorted(self.plan.body_links):
            _link(self.cx.state.links, x, y)

    # -- slots ---------------------------------------------------------------------------------------------------------

    def get_slot(self, state: State, slot: Slot) -> Value | None:
        if slot[0] == "name":
            return state.env.get(slot[1])
        contents = state.objs.get(slot[1])
        if isinstance(contents, Fields) and slot[2] < len(contents.items):
            return contents.items[slot[2]]
        return None

    def set_slot(self, slot: Slot, value: Value) -> None:
        state = self.cx.state
        if slot[0] == "name":
            state.env[slot[1]] = value
            return
        contents = state.objs[slot[1]]
        assert isinstance(contents, Fields)
        items = contents.items[:slot[2]] + (value,) + contents.items[slot[2] + 1:]
        state.objs[slot[1]] = Fields(items, contents.keys, contents.cls)

    # -- the body ------------------------------------------------------------------------------------------------------

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
                    self.index.sym = dims.runtime_sym(f"i{self.index.uid}")
                    cx.loop_indices.append(self.index)
                trip.begin(self.index)
                lower_stmts(cx, trip.body)
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

    # -- the back edge -------------------------------------------------------------------------------------------------

    def grew(self) -> bool:
        """Whether the end of the body shows that more is carried, of wider types, or aliased: then the plan has it now."""
        if self.end.dead:
            self.results_when_dead()
            return False
        grown = self.new_slots() | self.new_storages() | self.new_links()
        if grown:
            return True
        grown = self.collect_results()
        return self.back_edge_aliases() or grown

    def results_when_dead(self) -> None:
        for c in self.carried:
            c.result = c.param

    def new_slots(self) -> bool:
        grown = False
        head, end = self.head_state, self.end
        for key in sorted(self.live_head | {k for k in end.env if k[1] in (RESULT, RETURNED) or k[1].startswith("<broke")}):
            slot = ("name", key)
            if key not in end.env or slot in self.plan.slots or key[1] == EXIT or key[1].startswith("<stop"):
                continue
            if key in head.env and same_value(head.env[key], end.env[key]):
                continue
            self.add_name(slot, end.env[key], key not in self.entry.env)
            grown = True
        for oid in sorted(set(self.entry.objs) & set(end.objs)):
            grown |= self.new_contents(oid, head.objs[oid], end.objs[oid])
        return grown

    def add_name(self, slot: Slot, value: Value, born: bool) -> None:
        self.plan.slots[slot] = None
        old = self.get_slot(self.head_state, slot)
        if not _carriable(value) or (old is not None and not _carriable(old)) or isinstance(value, Poison):
            what = value.reason if isinstance(value, Poison) else f"{slot[-1][1] if slot[0] == 'name' else 'an item'} changes " \
                "from trip to trip to something that is not an array or a number"
            self.plan.poison[slot] = what
            return
        if born:
            self.plan.born[slot] = self.typed(value)
            for k, leaf in enumerate(flatten(value)):
                self.plan.types[slot, k] = self.leaf_type(leaf)

    def typed(self, value: Value) -> Value:
        """The structure of a value that is born in the body."""
        return rebuild(value, iter([const(0) for _ in flatten(value)])) if isinstance(value, Tup) else const(0)

    def leaf_type(self, leaf: Value) -> Type:
        saved, self.cx.state = self.cx.state, self.end
        try:
            return self.cx.type_of(leaf)
        finally:
            self.cx.state = saved

    def new_contents(self, oid: int, before: Any, after: Any) -> bool:
        if before is after:
            return False
        if isinstance(before, DynList) and isinstance(after, DynList):
            slot = ("dyn", oid)
            new = slot not in self.plan.slots
            self.plan.slots[slot] = None
            return new
        if isinstance(before, Fields) and isinstance(after, Fields) and before.keys == after.keys and \
                len(before.items) == len(after.items):
            grown = False
            for k, (x, y) in enumerate(zip(before.items, after.items, strict=True)):
                slot = ("obj", oid, k)
                if not same_value(x, y) and slot not in self.plan.slots:
                    self.add_name(slot, y, False)
                    grown = True
            return grown
        if isinstance(before, Fields) and before.keys is None and oid not in self.plan.dynamic:
            from .join import template_of

            for slot in [s for s in self.plan.slots if s[0] == "obj" and s[1] == oid]:
                del self.plan.slots[slot]
            self.plan.dynamic[oid] = template_of(self.cx, after)
            self.plan.slots["dyn", oid] = None
            return True
        raise UnsupportedError("a dict or list that changes its keys or structure in a loop", self.cx.loc(self.trip.node),
                               "give it all its keys before the loop")

    def new_storages(self) -> bool:
        grown = False
        own = {c.sid for c in self.carried}
        reach = self._reach(self.head_state, self.live_head) | self._reach(self.end, self.live_head)
        for sid, var in self.head_state.store.items():
            if sid in own or sid not in self.entry.store or self.end.store.get(sid, var) is var:
                continue
            if (sid in reach or self.cx.is_pinned(sid)) and sid not in self.plan.sids:
                self.plan.sids[sid] = None
                grown = True
        return grown

    def new_links(self) -> bool:
        """Aliases that a trip makes among what was there before it (``out.append(x)``) hold from the second trip on."""
        before = self.head_state
        known = set(before.store) | set(before.objs)
        found = {(min(a, b), max(a, b)) for a, group in self.end.links.items() if a in known for b in group & known
                 if b not in before.links.get(a, ())}
        new = found - self.plan.body_links
        self.plan.body_links |= found
        return bool(new)

    def _reach(self, state: State, keys: set[Key]) -> set[int]:
        saved, self.cx.state = self.cx.state, state
        try:
            return self.cx.reachable([state.env[k] for k in keys if k in state.env])
        finally:
            self.cx.state = saved

    def collect_results(self) -> bool:
        """The value of everything carried at the end of a trip; True if a type has to be widened."""
        cx = self.cx
        grown = False
        outer = cx.builder.stmts
        cx.builder.stmts = self.stmts
        saved, cx.state = cx.state, self.end
        try:
            for slot in list(self.plan.slots):
                grown |= self.slot_results(slot)
            for c in self.carried:
                if not isinstance(c.what, tuple):
                    c.result = self.end.store[c.what]
                    grown |= self.widen_type(c)
        finally:
            cx.builder.stmts = outer
            cx.state = saved
        return grown

    def slot_results(self, slot: Slot) -> bool:
        mine = [c for c in self.carried if c.what == slot]
        if slot in self.plan.poison:
            return False
        if slot[0] == "dyn":
            contents = self.end.objs[slot[1]]
            if not isinstance(contents, DynList) or len(contents.lists) != len(mine):
                entry_template = contents.template if isinstance(contents, DynList) else None
                if entry_template is not None and self.plan.dynamic.get(slot[1]) != entry_template:
                    self.plan.dynamic[slot[1]] = entry_template
                    return True
                self.cx.refuse("a list whose elements change their structure in a loop", self.trip.node)
            for c, lst in zip(mine, contents.lists, strict=True):
                c.result = lst
            return any([self.widen_type(c) for c in mine])
        value = self.get_slot(self.end, slot)
        leaves = [v for v in flatten(value)] if value is not None else []
        template = list(flatten(self.templates[slot]))
        if isinstance(value, Poison) or len(leaves) != len(template) or not _carriable_like(template, leaves):
            reason = value.reason if isinstance(value, Poison) else "a name whose structure changes from trip to trip"
            self.plan.poison[slot] = reason
            return True
        numeric = [leaf for leaf, t in zip(leaves, template, strict=True) if is_number(t) or isinstance(t, Ref)]
        for c, leaf in zip(mine, numeric, strict=True):
            c.result = self.cx.read(leaf)
            c.value = leaf  # type: ignore[attr-defined]
        return any([self.widen_type(c) for c in mine])

    def widen_type(self, c: Carried) -> bool:
        assert c.result is not None
        if isinstance(c.result, Const) and c.result.value is UNDEF:
            return False
        try:
            t = join_types(c.param.type, c.result.type, self.cx.facts)
        except NoJoin as no:
            self.plan.poison[c.what] = f"a name is {no}"
            return True
        t = self.settled(c, t, c.param.type)
        if t == c.param.type:
            return False
        self.plan.types[c.what, c.leaf] = t
        return True

    def settled(self, c: Carried, t: Type, before: Type) -> Type:
        """``t`` with one symbol, the same for all attempts, for each dimension that is not what it was before."""
        if isinstance(t, List) and isinstance(before, List) and t.elem is not None and before.elem is not None:
            return List(self.settled(c, t.elem, before.elem))
        if not isinstance(t, Array) or not isinstance(before, Array) or len(t.shape) != len(before.shape):
            return t
        pairs = enumerate(zip(t.shape, before.shape, strict=True))
        return replace(t, shape=tuple(d if d == e else self.run_time(c, k) for k, (d, e) in pairs))

    def run_time(self, c: Carried, axis: int) -> dims.DimLike:
        """The dimension of something carried that changes from trip to trip: one symbol for all attempts."""
        return dims.runtime_sym(f"loop{self.loop_id}.{self.carried.index(c)}.{axis}")

    def back_edge_aliases(self) -> bool:
        """Two carried names that are one memory at the end of a trip, or one that is memory seen by others."""
        found: set[tuple[Any, Any]] = set()
        refs = [(c, c.value) for c in self.carried if isinstance(getattr(c, "value", None), Ref)]  # type: ignore[attr-defined]
        for c, ref in refs:
            me = (c.what, c.leaf)
            others = {k for k in self.live_head if ("name", k) not in self.plan.slots}
            for partner in {ref.sid} | set(self.end.links.get(ref.sid, ())):
                if partner in self.entry.store and (ref.path.steps or partner != c.sid) and \
                        partner in self._reach(self.end, others):
                    found.add((me, partner))
            for d, other in refs:
                if d is not c and (other.sid == ref.sid or other.sid in self.end.links.get(ref.sid, ())):
                    found.add((me, (d.what, d.leaf)))
            if ref.path.steps and ref.sid == c.sid:
                continue  # a view of itself: nobody else sees the rest
        new = found - self.plan.links
        self.plan.links |= found
        return bool(new)

    # -- after the loop ------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Append the loop; names and storages now mean what came out of it."""
        cx, trip = self.cx, self.trip
        outs = tuple(Var(self.type_after(c), c.param.hint) for c in self.carried)
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
        """A scalar that every trip makes an array is one after the loop, if there is a trip; that there is one becomes a fact."""
        t, last = c.param.type, c.result.type if c.result is not None else None
        if not isinstance(t, Array) or not t.weak or not isinstance(last, Array) or last.weak or self.trip.count is None:
            return t
        count = sym_of(self.trip.count)
        hint = hint_of(count) if isinstance(count, (int, dims.Dim)) else None
        if hint is None or hint < 1:
            return t
        if isinstance(count, dims.Dim):
            self.cx.facts.assume(f"{count} >= 1")
        return replace(t, weak=False)

    def after_state(self, outs: dict[int, Var]) -> State:
        cx = self.cx
        state = self.head_state
        known = set(state.store) | set(state.objs)
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
        queue = iter(mine)
        for leaf in flatten(self.templates[slot]):
            if isinstance(leaf, Const) and not is_number(leaf):
                leaves.append(leaf)
                continue
            c = next(queue)
            out = outs[id(c)]
            if c.sid is not None:
                self.cx.state.store[c.sid] = out
                leaves.append(Ref(c.sid))
            else:
                leaves.append(out)
        self.set_slot(slot, rebuild(self.templates[slot], iter(leaves)))


def _carriable_like(template: list[Value], leaves: list[Value]) -> bool:
    for t, v in zip(template, leaves, strict=True):
        if is_number(t) or isinstance(t, Ref):
            if not (is_number(v) or isinstance(v, Ref)):
                return False
        elif not same_value(t, v):
            return False
    return True




