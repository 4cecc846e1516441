"""The head of a loop: what is carried gets a parameter, and a storage of its own where a name is rebound."""

from __future__ import annotations

from typing import Any

from ..ir.core import Atom, Block, Var
from ..ir.types import INT, Array
from .aliases import connect, partners
from .context import Lowerer, undef
from .control import live_at_join
from .join import to_dynamic
from .loop_plan import HEAD_ROOM, TABLE, Carried, Plan, Slot, Trip
from .nests import built, conform, containers_of, leaves_in, taken_apart
from .reachable import reachable
from .sharing import confuse, connect_all, items, same_container, tokens, whole
from .structure import as_maybe, hint_for, is_none_hint, value_is_undef
from .values import DynList, Fields, Maybe, Poison, Ref, State, Value

__all__ = ["Head"]


class Head:
    """The state at the head of a loop, under a plan."""

    def __init__(self, cx: Lowerer, trip: Trip, plan: Plan, entry: State, loop_id: int) -> None:
        self.cx, self.trip, self.plan, self.entry = cx, trip, plan, entry
        self.carried: list[Carried] = []
        self.templates: dict[Slot, Any] = {}
        self.heads: dict[Slot, Value] = {}
        self.loop_id = loop_id
        self.origins: dict[int, int] = {}  # storages of the head: those that they are at the entry
        self.start = Var(INT).uid
        self.index: Var | None = None
        self.cond: Block | None = None
        scope = cx.frames[-1].scope
        self.live_head = live_at_join(cx, scope.head.get(trip.node, frozenset()) | scope.after.get(trip.node, frozenset()))

    # -- the head ------------------------------------------------------------------------------------------------------

    def header(self) -> None:
        cx = self.cx
        for oid, template in self.plan.dynamic.items():
            if oid in cx.state.objs and template != TABLE:
                to_dynamic(cx, oid, template)
        for oid, values in self.plan.defaults.items():
            contents = cx.state.objs.get(oid)
            if isinstance(contents, Fields) and contents.keys is not None and not set(values) & set(contents.keys):
                cx.state.objs[oid] = Fields((*contents.items, *values.values()), (*contents.keys, *values), contents.cls)
        for owner in list(cx.state.twins):
            confuse(cx, owner)
        self.plan.forget_missing(cx.state)
        given = {slot: self.given(slot) for slot in self.plan.slots}  # all of them before any is replaced
        for slot in self.plan.slots:
            self.enter_slot(slot, given[slot])
        for sid in self.plan.sids:
            init = cx.state.store[sid]
            param = Var(init.type, init.hint)
            self.carried.append(Carried(sid, 0, init, param, sid))
            cx.state.store[sid] = param
        self.apply_links()
        self.apply_alike()
        cx.restart(self.loop_id + HEAD_ROOM)

    def given(self, slot: Slot) -> tuple[Value, Any, list[Any]] | None:
        """What a slot holds at the entry, and that in the form that the plan has for it."""
        value = None if slot in self.plan.poison or slot[0] == "dyn" else self.get_slot(self.cx.state, slot)
        return None if value is None else (value, *self.taken_apart(slot, value))

    def enter_slot(self, slot: Slot, given: tuple[Value, Any, list[Any]] | None) -> None:
        cx = self.cx
        if slot in self.plan.poison:
            self.set_slot(slot, Poison(self.plan.poison[slot]))
            return
        if slot[0] == "dyn":
            self.enter_list(slot)
            return
        value, template, old = (None, self.plan.born[slot], []) if given is None else given
        self.templates[slot] = template
        none = template.none if isinstance(template, Maybe) else None
        leaves = [self.enter_leaf(slot, k, old[k] if old else None, k == none) for k in leaves_in(template)]
        self.heads[slot] = built(cx, template, leaves)
        self.set_slot(slot, self.heads[slot])
        if value is not None:
            self.containers_at_entry(slot, value)

    def taken_apart(self, slot: Slot, value: Value) -> tuple[Any, list[Any]]:
        """What a slot holds, in the form that the plan has for it."""
        if slot in self.plan.maybe and not isinstance(value, Poison):
            value = as_maybe(value, self.plan.maybe[slot])
        template, leaves = taken_apart(self.cx, value, rows=slot in self.plan.listed)
        want = self.plan.forms.get(slot)
        given = None if want is None else conform(self.cx, template, leaves, want)
        return (template, leaves) if given is None else (want, given)

    def enter_leaf(self, slot: Slot, k: int, leaf: Any, says_none: bool = False) -> Value:
        """The parameter for a leaf of a slot. ``says_none``: it is the condition under which the slot is None."""
        cx = self.cx
        known = self.plan.types.get((slot, k))
        unset = leaf is None or value_is_undef(leaf)
        init: Atom = undef(known or leaf.type) if unset else cx.read(leaf)
        param = Var(known or init.type, self.hint_of(slot, init, says_none))
        if (slot, k) in self.plan.joined:
            cx.joined[param] = self.plan.joined[slot, k]
        entry = Carried(slot, k, init, param)
        self.carried.append(entry)
        if not isinstance(param.type, Array):
            return param
        entry.sid = cx.new_storage(param)
        self.alias_at_entry(entry, leaf, slot)
        return Ref(entry.sid)

    def hint_of(self, slot: Slot, init: Atom, says_none: bool) -> str:
        """What to call a parameter: after the name or attribute that it is the value of."""
        if slot[0] == "name":
            return (is_none_hint if says_none else hint_for)(slot[1][1])
        contents = self.cx.state.objs.get(slot[1])
        keys = contents.keys if isinstance(contents, Fields) else None
        key = keys[slot[2]] if keys is not None and slot[2] < len(keys) else None
        return getattr(init, "hint", "") or (hint_for(key) if isinstance(key, str) else "")

    # -- containers ----------------------------------------------------------------------------------------------------

    def containers_at_entry(self, slot: Slot, value: Value) -> None:
        """A name that is bound to a container in each trip starts as another one, which somebody may see too."""
        mine = containers_of(self.entry, value)
        if not mine:
            return
        saved, self.cx.state = self.cx.state, self.entry
        seen = reachable(self.cx, [v for k, v in self.entry.env.items() if k in self.live_head and ("name", k) != slot])
        self.cx.state = saved
        for old, new in zip(mine, containers_of(self.cx.state, self.heads[slot]), strict=False):
            for token in tokens(self.entry, old, seen):
                connect_all(self.cx.state.links, new, token)

    def apply_alike(self) -> None:
        """Containers that an earlier attempt found to be one over the back edge."""
        links = self.cx.state.links
        for slot, k, other in sorted(self.plan.alike, key=repr):
            mine = self.container(slot, k)
            twin = None if isinstance(other, int) else self.container(*other)
            for token in [other] if isinstance(other, int) else [] if twin is None else [whole(twin), items(twin)]:
                if mine is not None:
                    connect_all(links, mine, token)

    def container(self, slot: Slot, k: int) -> int | None:
        """The container at a position of what a slot is bound to at the head."""
        found = containers_of(self.cx.state, self.heads[slot]) if slot in self.heads else []
        return found[k] if k < len(found) else None

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
        seen = reachable(cx, others)
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
            x, y = (self.container(*end[1:]) if isinstance(end, tuple) and end[0] == "held" else
                    where.get(end) if isinstance(end, tuple) else end for end in (a, b))
            if x is not None and y is not None:
                self.cx.link(x, y) if x == y else connect(self.cx.state.links, x, y)
        for x, y in sorted(self.plan.body_links):
            same_container(self.cx, x, y)

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
