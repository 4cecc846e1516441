"""The end of a loop's body: is more carried, of wider types, or aliased, than the plan has?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.build import const
from ..ir.core import UNDEF, Atom, Const
from ..ir.types import Array, List, Scalar, Type
from .aliases import AliasError, numbered, partners
from .control import EXIT, RESULT, RETURNED
from .loop_head import Head
from .loop_plan import TABLE, Carried, Key, Slot, carriable
from .nests import NotApart, conform, containers_of, is_table, same_template, taken_apart, template_of
from .objects import class_value
from .reachable import reachable
from .sharing import connect_one, items, tokens
from .structure import as_maybe, called, is_none, same_value
from .values import DynList, Fields, Inside, Maybe, Poison, Ref, Rows, State, Tup, Value
from .widening import NoJoin, alternatives, join_types

__all__ = ["BackEdge"]


class BackEdge(Head):
    """What the end of a trip hands to the head of the next."""

    stmts: list[Any]
    end: State
    stop: Atom
    head_state: State

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
        taken = self.at_end(slot, value)
        if taken is None or (old is not None and not self.is_carriable(old)):
            name = slot[1][1] if slot[0] == "name" else "an item"
            what = value.reason if isinstance(value, Poison) else \
                f"{name} changes from trip to trip to something that is not an array or a number"
            self.plan.poison[slot] = what
            return
        if born:
            self.add_born(slot, *taken)

    def at_end(self, slot: Slot, value: Value) -> tuple[Any, list[Any]] | None:
        """The form of a value at the end of the body, and its leaves there; None for what a loop cannot carry."""
        cx = self.cx
        saved, cx.state, outer, cx.builder.stmts = cx.state, self.end, cx.builder.stmts, self.stmts
        try:
            return taken_apart(cx, value, rows=slot in self.plan.listed)
        except NotApart:
            return None
        finally:
            cx.state, cx.builder.stmts = saved, outer

    def is_carriable(self, old: Value) -> bool:
        saved, self.cx.state = self.cx.state, self.head_state
        try:
            with self.cx.builder.block():
                taken_apart(self.cx, old)
        except NotApart:
            return False
        finally:
            self.cx.state = saved
        return True

    def leaf_type(self, leaf: Value) -> Type:
        saved, self.cx.state = self.cx.state, self.end
        try:
            return self.cx.type_of(leaf)
        finally:
            self.cx.state = saved

    def new_contents(self, oid: int, before: Any, after: Any) -> bool:
        if before is after or isinstance(before, Inside):
            return isinstance(before, Inside) and self.left_its_list(oid, before, after)
        if isinstance(after, Inside):
            return self.put_into_lists(oid)
        if isinstance(before, DynList) and isinstance(after, DynList):
            slot: Slot = ("dyn", oid)
            new = slot not in self.plan.slots
            self.plan.slots[slot] = None
            return new
        if isinstance(before, Fields) and isinstance(after, Fields) and before.keys == after.keys and \
                len(before.items) == len(after.items):
            grown = False
            for k, (x, y) in enumerate(zip(before.items, after.items, strict=True)):
                item: Slot = ("obj", oid, k)
                if not same_value(x, y) and item not in self.plan.slots:
                    self.add_name(item, y, False)
                    grown = True
            return grown
        if isinstance(before, Fields) and before.keys is None and oid not in self.plan.dynamic:
            for slot in [s for s in self.plan.slots if s[0] == "obj" and s[1] == oid]:
                del self.plan.slots[slot]
            self.plan.dynamic[oid] = self.template_at_end(after)
            self.plan.slots["dyn", oid] = None
            return True
        if self.class_defaults(oid, before, after):
            return True
        if is_table(after) and oid not in self.plan.dynamic:
            for slot in [s for s in self.plan.slots if s[0] == "obj" and s[1] == oid]:
                del self.plan.slots[slot]
            self.plan.dynamic[oid] = TABLE
            return True
        raise UnsupportedError("a dict or list that changes its keys or structure in a loop", self.cx.loc(self.trip.node),
                               "give it all its keys before the loop")

    def class_defaults(self, oid: int, before: Any, after: Any) -> bool:
        """Attributes that an instance gets in the loop, and that its class has a value for: it has them at the head."""
        if not (isinstance(before, Fields) and isinstance(after, Fields) and isinstance(before.cls, type)) or \
                before.cls is not after.cls or oid in self.plan.defaults:
            return False
        names = [k for k in after.keys or () if k not in (before.keys or ())]
        values = {name: value for name in names if (value := class_value(self.cx, before.cls, name)) is not None}
        if not names or len(values) < len(names):
            return False
        self.plan.defaults[oid] = values
        return True

    def template_at_end(self, contents: Any) -> Any:
        cx = self.cx
        saved, cx.state, outer, cx.builder.stmts = cx.state, self.end, cx.builder.stmts, self.stmts
        try:
            return template_of(cx, contents)
        finally:
            cx.state, cx.builder.stmts = saved, outer

    def left_its_list(self, oid: int, before: Inside, after: Any) -> bool:
        """An item of a list that has become a container of its own: it cannot be both at the head, if it is read there."""
        same = isinstance(after, Inside) and after.owner == before.owner and len(after.index) == len(before.index) and \
            all(map(same_value, after.index, before.index))
        if not same and oid in self._reach(self.head_state, self.live_head):
            raise AliasError("an item of a list that is replaced in a loop, and has another name", self.cx.loc(self.trip.node),
                             "give the name to a copy: row = list(row)")
        return False

    def put_into_lists(self, oid: int) -> bool:
        """A container from before the loop that each trip puts into a list: there are many of it."""
        if oid in self.cx.shared or oid not in self._reach(self.head_state, self.live_head):
            return False
        self.cx.shared.add(oid)
        return True

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
        for owner in self.end.twins:
            connect_one(self.end.links, items(owner))
        known = numbered(before)
        found = {(min(a, b), max(a, b)) for a, group in self.end.links.items() if a in known for b in group & known
                 if b not in before.links.get(a, ())}
        new = found - self.plan.body_links
        self.plan.body_links |= found
        return bool(new)

    def _reach(self, state: State, keys: set[Key]) -> set[int]:
        saved, self.cx.state = self.cx.state, state
        try:
            return reachable(self.cx, [state.env[k] for k in keys if k in state.env])
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
            head = self.head_state.objs[slot[1]]
            if not isinstance(contents, DynList) or len(contents.lists) != len(mine) or \
                    not same_template(getattr(head, "template", None), contents.template):
                entry_template = contents.template if isinstance(contents, DynList) else None
                if entry_template is not None and not same_template(self.plan.dynamic.get(slot[1]), entry_template):
                    self.plan.dynamic[slot[1]] = entry_template
                    return True
                self.cx.refuse("a list whose elements change their structure in a loop", self.trip.node)
            for c, lst in zip(mine, contents.lists, strict=True):
                c.result = lst
            return sum(self.widen_type(c) for c in mine) > 0
        value = self.get_slot(self.end, slot)
        if self.may_be_none(slot, value):
            return True
        if slot in self.plan.maybe and value is not None and not isinstance(value, Poison):
            value = as_maybe(value, self.plan.maybe[slot])
        return self.other_form(slot, value, mine) or sum(self.widen_type(c) for c in mine) > 0

    def other_form(self, slot: Slot, value: Any, mine: list[Carried]) -> bool:
        """Take what a slot holds at the end apart; True if the head has to have another form."""
        head = self.templates[slot]
        if value is None:
            self.plan.poison[slot] = "a name whose structure changes from trip to trip"
            return True
        try:
            template, leaves = taken_apart(self.cx, value, rows=slot in self.plan.listed)
        except NotApart as what:
            self.plan.poison[slot] = value.reason if isinstance(value, Poison) else str(what)
            return True
        given = conform(self.cx, template, leaves, head)
        if given is None:
            self.take_other_form(slot, template, leaves)
            return True
        for c, leaf in zip(mine, given, strict=True):
            c.result = self.cx.read(leaf)
            c.value = leaf  # type: ignore[attr-defined]
        return False

    def take_other_form(self, slot: Slot, template: Any, leaves: list[Any]) -> None:
        """The end of the body has another form than the head: lists of unknown length, or of items that are known better."""
        plan, head = self.plan, self.templates[slot]
        for known in [known for known in plan.types if known[0] == slot]:
            del plan.types[known]
        if slot not in plan.listed and (has_list(head) or has_list(template)):
            plan.listed.add(slot)
            if slot in plan.born:
                value = self.get_slot(self.end, slot)
                again = None if value is None else self.at_end(slot, value)
                assert again is not None
                self.add_born(slot, *again)
        elif plan.forms.get(slot) is None and has_list(head) and slot not in plan.born:
            plan.forms[slot] = template
        else:
            plan.poison[slot] = "a name whose structure changes from trip to trip"

    def add_born(self, slot: Slot, template: Any, leaves: list[Any]) -> None:
        self.plan.born[slot] = template
        for k, leaf in enumerate(leaves):
            self.plan.types[slot, k] = self.leaf_type(leaf)

    def may_be_none(self, slot: Slot, value: Value | None) -> bool:
        """Whether it shows now that a slot is None in some trips and something else in others: then the plan has it."""
        head = self.templates[slot]
        if slot in self.plan.maybe or value is None or isinstance(value, Poison) or isinstance(head, Maybe):
            return False
        if is_none(head) is is_none(value) and not isinstance(value, Maybe):
            return False
        other = value.value if isinstance(value, Maybe) else self.heads[slot] if is_none(value) else value
        if not carriable(other):
            return False
        like = self.plan.maybe[slot] = Maybe(const(False), other)
        for known in [known for known in self.plan.types if known[0] == slot]:
            del self.plan.types[known]
        for k, leaf in enumerate(taken_apart(self.cx, like)[1]):
            self.plan.types[slot, k] = self.leaf_type(leaf)
        return True

    def widen_type(self, c: Carried) -> bool:
        assert c.result is not None
        if isinstance(c.result, Const) and c.result.value is UNDEF:
            return False
        try:
            t = join_types(c.param.type, c.result.type, self.cx.facts)
        except NoJoin as no:
            self.plan.poison[c.what] = f"{called(c.what[1][1]) if c.what[0] == 'name' else 'an item'} is {no}"
            return True
        t = self.settled(c, t, c.param.type)
        if t == c.param.type:
            return False
        self.plan.types[c.what, c.leaf] = t
        if isinstance(t, Scalar):
            self.plan.joined[c.what, c.leaf] = alternatives(self.cx.joined, c.param) | alternatives(self.cx.joined, c.result)
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
        lists = self.carried_lists()
        for held, number in lists.items():
            found |= {(held, other) for other, twin in lists.items() if twin in self.end.links.get(number, ())}
        for c, ref in refs:
            me = (c.what, c.leaf)
            others = {k for k in self.live_head if ("name", k) not in self.plan.slots}
            for partner in {ref.sid} | partners(self.end, ref.sid):
                known = partner in self.entry.objs or (partner in self.entry.store and (ref.path.steps or partner != c.sid))
                if known and partner in self._reach(self.end, others):
                    found.add((me, partner))
            for d, other in refs:
                if d is not c and (other.sid == ref.sid or other.sid in partners(self.end, ref.sid)):
                    found.add((me, (d.what, d.leaf)))
            found |= {(me, held) for held, number in lists.items() if number in partners(self.end, ref.sid)}
            if ref.path.steps and ref.sid == c.sid:
                continue  # a view of itself: nobody else sees the rest
        new = found - self.plan.links
        self.plan.links |= found
        return self.back_edge_containers() or bool(new)

    def back_edge_containers(self) -> bool:
        """Containers that a name is bound to for the next trip, and that others see: they may be one there."""
        ends = {slot: self.get_slot(self.end, slot) for slot in self.heads}
        mine = {slot: containers_of(self.end, value) for slot, value in ends.items() if value is not None}
        found: set[tuple[Any, int, Any]] = set()
        others = {k for k in self.live_head if ("name", k) not in self.heads}
        seen = self._reach(self.end, others) if any(mine.values()) else set()
        for slot, oids in mine.items():
            for k, oid in enumerate(oids):
                found |= {(slot, k, token) for token in tokens(self.end, oid, seen) if -token // 2 in self.entry.objs}
                for other, theirs in mine.items():
                    near = {oid} | self._seen_through(oid)
                    found |= {(slot, k, (other, n)) for n, o in enumerate(theirs)
                              if (other, n) != (slot, k) and near & ({o} | self._seen_through(o))}
        new = found - self.plan.alike
        self.plan.alike |= found
        return bool(new)

    def carried_lists(self) -> dict[tuple[str, Slot, int], int]:
        """The containers that names are bound to at the end, by their places; the list that one is in stands for it."""
        found = {}
        for slot in self.heads:
            value = self.get_slot(self.end, slot)
            for n, oid in enumerate(containers_of(self.end, value) if value is not None else ()):
                contents = self.end.objs.get(oid)
                found["held", slot, n] = contents.owner if isinstance(contents, Inside) else oid
        return found

    def _seen_through(self, oid: int) -> set[int]:
        """The lists that a container may be an item of."""
        contents = self.end.objs.get(oid)
        return {contents.owner} if isinstance(contents, Inside) else set()


def has_list(template: Any) -> bool:
    """Whether a template has a list in it, of known or of unknown length."""
    if isinstance(template, Fields) and template.keys is None:
        return True
    parts = template.items if isinstance(template, (Tup, Fields)) else (template.value,) if isinstance(template, Maybe) else ()
    return isinstance(template, Rows) or any(map(has_list, parts))
