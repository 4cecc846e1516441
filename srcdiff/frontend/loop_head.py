"""The head of a loop: what is carried gets a parameter, and a storage of its own where a name is rebound."""

from __future__ import annotations

from typing import Any

from ..ir.core import Atom, Block, Const, Var
from ..ir.types import INT, Array
from .aliases import connect, partners
from .context import Lowerer, undef
from .control import live_keys
from .join import to_dynamic
from .loop_plan import HEAD_ROOM, Carried, Plan, Slot, Trip
from .structure import as_maybe, flatten, hint_for, is_number, rebuild, value_is_undef
from .values import DynList, Fields, Poison, Ref, State, Value

__all__ = ["Head"]


class Head:
    """The state at the head of a loop, under a plan."""

    def __init__(self, cx: Lowerer, trip: Trip, plan: Plan, entry: State, loop_id: int) -> None:
        self.cx, self.trip, self.plan, self.entry = cx, trip, plan, entry
        self.carried: list[Carried] = []
        self.templates: dict[Slot, Value] = {}
        self.loop_id = loop_id
        self.origins: dict[int, int] = {}  # storages of the head: those that they are at the entry
        self.start = Var(INT).uid
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
        self.plan.forget_missing(cx.state)
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
        shape: Any = self.plan.born[slot] if missing else value
        if slot in self.plan.maybe and not missing:
            shape = as_maybe(shape, self.plan.maybe[slot])
        self.templates[slot] = shape
        leaves: list[Any] = []
        for k, leaf in enumerate(flatten(shape)):
            if isinstance(leaf, Const) and not is_number(leaf):
                leaves.append(leaf)
                continue
            known = self.plan.types.get((slot, k))
            unset = missing or value_is_undef(leaf)
            init: Atom = undef(known or leaf.type) if unset else cx.read(leaf)
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
        near = partners(self.entry, leaf.sid)
        if leaf.sid in seen:
            near |= {leaf.sid}
        for partner in near:
            connect(cx.state.links, entry.sid, partner)
        for other, origin in self.origins.items():
            if origin in near:
                connect(cx.state.links, entry.sid, other)
        self.origins[entry.sid] = leaf.sid
        if leaf.sid in cx.foreign:
            cx.foreign.add(entry.sid)

    def apply_links(self) -> None:
        """Aliases that an earlier attempt found over the back edge."""
        where = {(c.what, c.leaf): c.sid for c in self.carried if c.sid is not None}
        for a, b in sorted(self.plan.links, key=repr):
            x = where.get(a)
            y = where.get(b) if isinstance(b, tuple) else b
            if x is not None and y is not None:
                self.cx.link(x, y) if x == y else connect(self.cx.state.links, x, y)
        for x, y in sorted(self.plan.body_links):
            connect(self.cx.state.links, x, y)

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
