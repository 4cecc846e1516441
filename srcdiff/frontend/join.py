"""Where two paths of the program meet: one value for each name that is still live.

For an array that is bound to different references in the two arms, in this order: the same view of one storage stays
that; views of one form differ in their indices only; storages that no other live name sees are joined as storages; anything
else is joined by value, with the condition that says which one it is. Where an arm's array cannot be named outside of it,
neither the result nor its sources may be written while the others are live.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from ..ir.build import const
from ..ir.core import Atom, Const, Path, Stmt, Var, atoms_of, map_arg
from ..ir.types import Array, Scalar, same_kind
from ..records import dataclass
from .aliases import connect, partners, roots
from .context import AliasError, Lowerer, undef
from .inside import settle
from .nests import as_dynamic, conform, is_table, same_template, template_of
from .sharing import hold, items, whole
from .structure import (
    IS_NONE,
    called,
    hint_for,
    is_none,
    is_none_hint,
    is_number,
    normal,
    same_form,
    same_path,
    same_value,
    value_is_undef,
)
from .taken_out import MISSING, TakenOut, is_choosable, same_place, unlike
from .values import (
    Choice,
    DynList,
    Fields,
    Inside,
    Kind,
    Maybe,
    Obj,
    Poison,
    Ref,
    Rows,
    State,
    Tup,
    Unset,
    Value,
)
from .widening import NoJoin, alternatives, join_types, widen

__all__ = ["MISSING", "Arm", "Merger", "to_dynamic"]


@dataclass(eq=False)
class Arm:
    """One way to reach the join: its statements, and the state at its end. ``start``: uid of the first variable made in it."""

    state: State
    stmts: list[Stmt]
    start: int
    results: list[Atom] = field(default_factory=list)


class Merger(TakenOut):
    """Joins the states of two arms; collects the results of both and the joined variables."""

    def __init__(self, cx: Lowerer, cond: Atom, arms: tuple[Arm, Arm]) -> None:
        self.cx = cx
        self.cond = cond
        self.arms = arms
        self.outs: list[Var] = []
        self.merged: dict[object, int] = {}
        self.phis: dict[tuple[object, object], Var] = {}
        self.partners: tuple[dict[int, set[int]], dict[int, set[int]]] = ({}, {})
        self.result = State()
        self.origins: dict[int, tuple[int | None, int | None]] = {}
        self.listed: list[tuple[int, tuple[int, int]]] = []  # lists of unknown length that were made: what they are in the arms

    # -- atoms ---------------------------------------------------------------------------------------------------------

    def phi(self, a: Atom, b: Atom, hint: str = "") -> Atom:
        if same_value(a, b):
            return a
        key = (_key(a), _key(b))
        if key in self.phis:
            return self.phis[key]
        if value_is_undef(a) or value_is_undef(b):
            t = b.type if value_is_undef(a) else a.type
        else:
            t = join_types(a.type, b.type, self.cx.facts)
            self.cx.mixed += getattr(a.type, "dtype", "") != getattr(b.type, "dtype", "")
        inherited = next((h for v in (a, b) if (h := getattr(v, "hint", "")) and not h.endswith(IS_NONE)), "")
        out = Var(t, hint_for(hint) or inherited)
        kinds = alternatives(self.cx.joined, a) | alternatives(self.cx.joined, b)
        if isinstance(t, Scalar) and len(kinds) > 1 and not value_is_undef(a) and not value_is_undef(b):
            self.cx.joined[out] = kinds
        self.phis[key] = out
        self.outs.append(out)
        for arm, v in zip(self.arms, (a, b), strict=True):
            arm.results.append(widen(v, t))
        return out

    def read(self, side: int, value: Value) -> Atom:
        """A read in the arm itself."""
        cx, arm = self.cx, self.arms[side]
        saved = cx.state, cx.builder.stmts
        cx.state, cx.builder.stmts = arm.state, arm.stmts
        try:
            return cx.read(value)
        finally:
            cx.state, cx.builder.stmts = saved

    # -- values --------------------------------------------------------------------------------------------------------

    def value(self, a: Any, b: Any, name: str) -> Value:
        try:
            return self._value(a, b, name)
        except NoJoin as no:
            return Poison(f"{called(name)} is {no}")

    def _value(self, a: Any, b: Any, name: str) -> Value:
        if a is MISSING or b is MISSING:
            present = b if a is MISSING else a
            if isinstance(present, Tup):
                blank = Tup(tuple(MISSING for _ in present.items), present.cls)
                a, b = (blank, b) if a is MISSING else (a, blank)
            elif isinstance(present, Unset) or is_choosable(present):
                return self.unset(a, b, name)
            elif not isinstance(present, (Ref, Var)) and not is_number(present):
                return Poison(f"{called(name)} is not assigned on every path")
            else:
                return self.absent(a, b, name)
        if isinstance(a, Unset) or isinstance(b, Unset):
            return a if isinstance(a, Poison) else b if isinstance(b, Poison) else self.unset(a, b, name)
        if is_none(a) is not is_none(b) or isinstance(a, Maybe) or isinstance(b, Maybe):
            return self.maybe(a, b, name)
        if isinstance(a, Poison) or isinstance(b, Poison):
            return a if isinstance(a, Poison) else b
        if isinstance(a, Tup) and isinstance(b, Tup) and a.cls is b.cls and len(a.items) == len(b.items):
            return Tup(tuple(self.value(x, y, name) for x, y in zip(a.items, b.items, strict=True)), a.cls,
                       a.shape_of if a.shape_of is b.shape_of else None)
        if isinstance(a, Ref) and isinstance(b, Ref):
            return self.ref(a, b, name)
        if same_value(a, b):
            return a
        if is_number(a) and is_number(b):
            return self.phi(a, b, name)
        if (is_number(a) or isinstance(a, Ref)) and (is_number(b) or isinstance(b, Ref)):
            return self.by_value(a, b, name)
        if isinstance(a, Obj) and isinstance(b, Obj):
            return self.obj(a, b, name)
        if is_choosable(a) and is_choosable(b):
            return self.either(a, b)
        raise NoJoin(f"{self.describe(0, a)} in one branch and {self.describe(1, b)} in the other")

    def unset(self, a: Any, b: Any, name: str) -> Value:
        """A value that may not be assigned in one of the arms."""
        parts = [(const(True), MISSING) if v is MISSING else (v.none, v.value) if isinstance(v, Unset) else (const(False), v)
                 for v in (a, b)]
        missing = [side for side in (0, 1) if parts[side][1] is MISSING]
        if missing:
            value = self.taken_out(1 - missing[0], parts[1 - missing[0]][1])
        else:
            value = self._value(parts[0][1], parts[1][1], name)
        if isinstance(value, (Poison, Maybe)):
            return Poison(f"{called(name)} is not assigned on every path")
        none = self.phi(parts[0][0], parts[1][0])
        return value if isinstance(none, Const) and not none.value else Unset(none, value)

    def maybe(self, a: Any, b: Any, name: str) -> Value:
        """A value that may be None in one of the arms."""
        if isinstance(a, Poison) or isinstance(b, Poison):
            return a if isinstance(a, Poison) else b
        parts = [(v.none, v.value) if isinstance(v, Maybe) else (const(True), MISSING) if is_none(v) else (const(False), v)
                 for v in (a, b)]
        present = parts[0][1] if parts[1][1] is MISSING else parts[1][1]
        if is_choosable(present) and MISSING in (parts[0][1], parts[1][1]):
            value = self.taken_out(int(parts[0][1] is MISSING), present)
        else:
            value = self._value(parts[0][1], parts[1][1], name)
        if isinstance(value, Poison):
            raise NoJoin(f"{self.describe(0, a)} in one branch and {self.describe(1, b)} in the other")
        return Maybe(self.phi(parts[0][0], parts[1][0], is_none_hint(name)), value)

    def describe(self, side: int, value: Value) -> str:
        saved, self.cx.state = self.cx.state, self.arms[side].state
        try:
            return self.cx.describe(value)
        finally:
            self.cx.state = saved

    def absent(self, a: Any, b: Any, name: str) -> Value:
        """The name is assigned in one arm only."""
        side = 1 if a is MISSING else 0
        present = (a, b)[side]
        atom = self.read(side, present)
        blank = undef(atom.type)
        out = self.phi(blank, atom, name) if side else self.phi(atom, blank, name)
        sid = present.sid if isinstance(present, Ref) else None
        known = self.outside(side, present) if isinstance(present, Ref) else None
        choice = None
        if known is not None and isinstance(self.cond, Var):
            choice = Choice(self.cond, None, known) if side else Choice(self.cond, known, None)
        return self.storage_of(out, (None, sid) if side else (sid, None), choice)

    def ref(self, a: Ref, b: Ref, name: str) -> Value:
        if a.sid not in self.arms[0].state.store or b.sid not in self.arms[1].state.store:
            raise NoJoin("an array that only a list nobody reads any more refers to")
        if a.sid == b.sid:
            if same_path(a.path, b.path):
                return a
            a, b = normal(a), normal(b)
            if same_form(a.path, b.path):
                pairs = iter([self.phi(x, y) for x, y in zip(atoms_of(a.path), atoms_of(b.path), strict=True)])
                return Ref(a.sid, map_arg(a.path, lambda _: next(pairs)))
            return self.by_value(a, b, name)
        if same_path(a.path, b.path) and self.exclusive(a.sid, b.sid):
            x, y = self.arms[0].state.store[a.sid], self.arms[1].state.store[b.sid]
            if same_kind(x.type, y.type):
                key = (a.sid, b.sid)
                if key not in self.merged:
                    self.merged[key] = next(self.cx.ids)
                    self.result.store[self.merged[key]] = self.phi(x, y, name)  # type: ignore[assignment]
                    self.inherit(self.merged[key], (a.sid, b.sid))
                    self.origins[self.merged[key]] = key
                return Ref(self.merged[key], a.path)
        return self.by_value(a, b, name)

    def by_value(self, a: Any, b: Any, name: str) -> Value:
        key = tuple((v.sid, repr(v.path)) if isinstance(v, Ref) else v for v in (a, b))
        if key in self.merged:
            return Ref(self.merged[key])
        x, y = self.read(0, a), self.read(1, b)
        ends = tuple(v.sid if isinstance(v, Ref) else None for v in (a, b))
        joined = self.storage_of(self.phi(x, y, name), ends, self.choice(a, b))
        if isinstance(joined, Ref):
            self.merged[key] = joined.sid
        return joined

    def choice(self, a: Any, b: Any) -> Choice | None:
        """The one that an array is, by the condition; None if that cannot be said."""
        sides: list[Ref | None] = []
        for k, (mine, other) in enumerate(((a, b), (b, a))):
            if not isinstance(mine, Ref) or not isinstance(other, Ref):
                return None
            if (side := self.outside(k, mine)) is not None:
                sides.append(side)
            elif mine.sid in self.arms[1 - k].state.store or partners(self.arms[k].state, mine.sid) or \
                    not self.partners[k].get(mine.sid, {other.sid}) <= {other.sid}:
                return None
            else:
                sides.append(None)
        return Choice(self.cond, *sides) if isinstance(self.cond, Var) else None

    def outside(self, k: int, ref: Ref) -> Ref | None:
        """The array of arm ``k`` as it is called after the arms; None if it has no name there."""
        if not all(self.outer(atom) for atom in atoms_of(ref.path)):
            return None
        if ref.sid in self.arms[1 - k].state.store:
            return ref
        if ("out", k, ref.sid) not in self.merged and not self.take_out(k, ref.sid):
            return None
        return Ref(self.merged["out", k, ref.sid], ref.path)

    def take_out(self, k: int, sid: int) -> bool:
        """An array that an arm chose: in the other arm it is the second of its two, so that the choice holds in both."""
        state = self.arms[k].state
        choice = state.choices.get(sid)
        if choice is None or state.links.get(sid) or choice.then is None or choice.orelse is None:
            return False
        then, orelse = self.outside(k, choice.then), self.outside(k, choice.orelse)
        if then is None or orelse is None:
            return False
        other = choice.orelse
        while other.sid not in self.arms[1 - k].state.store:
            deeper = state.choices[other.sid].orelse
            assert deeper is not None
            other = Ref(deeper.sid, Path((*deeper.path.steps, *other.path.steps)))
        pairs = [(choice.cond, const(False)), (state.store[sid], self.read(1 - k, other))]
        cond, value = (self.phi(b, a) if k else self.phi(a, b) for a, b in pairs)
        assert isinstance(cond, Var)
        assert isinstance(value, Var)
        number = self.merged["out", k, sid] = next(self.cx.ids)
        self.result.store[number] = value
        self.result.choices[number] = Choice(cond, then, orelse)
        return True

    def outer(self, atom: Atom) -> bool:
        """Whether it was there before the arms."""
        return isinstance(atom, Const) or atom.uid < min(arm.start for arm in self.arms)

    def storage_of(self, out: Atom, ends: tuple[int | None, ...], choice: Choice | None = None) -> Value:
        """A storage for a joined value, which is that of ``ends`` (None: no storage) in the two arms."""
        if not isinstance(out.type, Array) or not isinstance(out, Var):
            return out
        sources = [s for s in ends if s is not None]
        sid = next(self.cx.ids)
        self.result.store[sid] = out
        if choice is not None and not out.type.weak:
            self.result.choices[sid] = choice
        else:
            for source in sources:
                connect(self.result.links, sid, source)
                for arm in self.arms:
                    for partner in partners(arm.state, source):
                        connect(self.result.links, sid, partner)
        self.inherit(sid, tuple(sources))
        self.origins[sid] = (ends[0], ends[1])
        return Ref(sid)

    def connect_lists(self) -> None:
        """What a list of unknown length holds in either arm, under whatever name after it."""
        for oid, ends in self.listed:
            for side, number in enumerate(ends):
                held = self.arms[side].state.links.get(number, frozenset())
                for one in held | {sid for sid, origin in self.origins.items() if origin[side] in held}:
                    connect(self.result.links, oid, one)

    def connect_twins(self) -> None:
        """Two joined storages that are one in either arm may be one memory."""
        found = sorted(self.origins.items())
        for k, (a, ends) in enumerate(found):
            for b, others in found[k + 1:]:
                for arm, x, y in zip(self.arms, ends, others, strict=True):
                    if x is None or y is None or self.explained(a, b, x, y):
                        continue
                    if x == y or y in partners(arm.state, x):
                        connect(self.result.links, a, b)

    def explained(self, a: int, b: int, x: int, y: int) -> bool:
        """Whether two choices say all about two joined storages that are ``x`` and ``y`` in an arm."""
        one, two = (self.result.choices.get(s) for s in (a, b))
        if one is None or two is None or x not in one.sources() or y not in two.sources():
            return False
        links = self.result.links
        return not any(q in links.get(p, ()) for p in roots(self.result, x) for q in roots(self.result, y))

    def inherit(self, sid: int, sources: tuple[int, ...]) -> None:
        for arm in self.arms:
            for source in sources:
                for partner in arm.state.links.get(source, ()):
                    connect(self.result.links, sid, partner)
        for marks in (self.cx.foreign, self.cx.read_only):
            if any(s in marks for s in sources):
                marks.add(sid)

    def exclusive(self, a: int, b: int) -> bool:
        chosen = any(s in arm.state.choices or any(s in c.sources() for c in arm.state.choices.values())
                     for arm, s in zip(self.arms, (a, b), strict=True))
        return not chosen and self.partners[0].get(a, {b}) <= {b} and self.partners[1].get(b, {a}) <= {a}

    # -- heap objects --------------------------------------------------------------------------------------------------

    def obj(self, a: Obj, b: Obj, name: str) -> Value:
        ends = (self.arms[0].state.objs[a.oid], self.arms[1].state.objs[b.oid])
        both_inside = all(isinstance(c, Inside) for c in ends) and same_place(*ends)
        if not both_inside and (not self.exclusive(a.oid, b.oid) or unlike(*ends)):
            return self.either(a, b)
        key = (a.oid, b.oid)
        if key not in self.merged:
            oid = self.merged[key] = next(self.cx.ids)
            self.contents(oid, a.oid, b.oid, name)
        return Obj(self.merged[key])

    def contents(self, oid: int, a: int, b: int, name: str) -> None:
        x, y = self.arms[0].state.objs[a], self.arms[1].state.objs[b]
        if x is y:
            self.result.objs[oid] = x
            return
        if isinstance(x, Inside) and isinstance(y, Inside) and same_place(x, y):
            index = tuple(self.phi(i, j) for i, j in zip(x.index, y.index, strict=True))
            self.result.objs[oid] = Inside(x.owner, index, x.template)
            return
        x, y = self.own_contents(0, a, oid), self.own_contents(1, b, oid)
        if isinstance(x, Fields) and isinstance(y, Fields) and (x.keys, x.cls) == (y.keys, y.cls) and \
                len(x.items) == len(y.items):
            items = tuple(self.value(i, j, f"an item of {name}") for i, j in zip(x.items, y.items, strict=True))
            self.result.objs[oid] = Fields(items, x.keys, x.cls)
            return
        if is_table(x) is not is_table(y):
            x, y = self.table(0, a), self.table(1, b)
            parts = tuple(self.value(i, j, name) for i, j in zip(x.items, y.items, strict=True))
            self.result.objs[oid] = Fields(parts, x.keys, x.cls)
            return
        if any(isinstance(c, Fields) and c.keys is not None for c in (x, y)):
            poison = Poison(f"{called(name)} has different keys in the two branches")
            self.result.objs[oid] = Fields((poison,), ("<poison>",))
            return
        x, y = self.dynamic(0, a, y), self.dynamic(1, b, x)
        self.listed.append((oid, (a, b)))
        if x.template is None or y.template is None or len(x.lists) != len(y.lists):
            raise NoJoin("a list whose elements differ in the two branches")
        forms = [x.template, y.template]
        fitting = [t for t in forms
                   if all(conform(self.cx, Rows(c.template), list(c.lists), Rows(t)) is not None for c in (x, y))]
        if not fitting:
            raise NoJoin("a list whose elements differ in the two branches")
        lists = tuple(self.phi(i, j, name) for i, j in zip(x.lists, y.lists, strict=True))
        self.result.objs[oid] = DynList(lists, fitting[0])  # type: ignore[arg-type]

    def table(self, side: int, oid: int) -> Fields:
        """A dict of an arm as one with keys that only the run knows."""
        from .tables import as_table

        cx, arm = self.cx, self.arms[side]
        saved = cx.state, cx.builder.stmts
        cx.state, cx.builder.stmts = arm.state, arm.stmts
        try:
            as_table(cx, Obj(oid))
            found = cx.contents(oid)
            assert isinstance(found, Fields)
            return found
        finally:
            cx.state, cx.builder.stmts = saved

    def own_contents(self, side: int, old: int, new: int) -> Fields | DynList:
        """What a container holds in an arm; where it is inside a list, it may be an item of that after the arms too."""
        cx, arm = self.cx, self.arms[side]
        found = arm.state.objs[old]
        if not isinstance(found, Inside):
            return found
        for token in (whole(new), items(new)):
            connect(self.result.links, token, items(found.owner))
        saved = cx.state, cx.builder.stmts
        cx.state, cx.builder.stmts = arm.state, arm.stmts
        try:
            return cx.contents(old)
        finally:
            cx.state, cx.builder.stmts = saved

    def dynamic(self, side: int, oid: int, other: Fields | DynList) -> DynList:
        cx, arm = self.cx, self.arms[side]
        saved = cx.state, cx.builder.stmts
        try:
            cx.state = self.arms[1 - side].state
            template = template_of(cx, other)
            cx.state, cx.builder.stmts = arm.state, arm.stmts
            return to_dynamic(cx, oid, template)
        finally:
            cx.state, cx.builder.stmts = saved


def _key(a: Atom) -> object:
    return a if isinstance(a, Var) else (repr(a.value), type(a.value), a.type)


def to_dynamic(cx: Lowerer, oid: int, template: Any) -> DynList:
    """Turn a list whose items are known one by one into one of unknown length, in place."""
    contents = cx.state.objs[oid]
    if isinstance(contents, DynList):
        given = None if template is None else conform(cx, Rows(contents.template), list(contents.lists), Rows(template))
        if given is not None and not same_template(contents.template, template):
            contents = cx.state.objs[oid] = DynList(tuple(given), template)
        return contents
    if isinstance(contents, Inside):
        found = cx.contents(oid)
        assert isinstance(found, DynList)
        return found
    if isinstance(contents.cls, Kind) and contents.cls.name != "deque":
        raise AliasError(f"a {contents.cls.name} that changes its length in a loop", cx.builder.loc, "use a list, or an array")
    dyn = DynList((cx.var("list", ()),), 0) if not contents.items else as_dynamic(cx, contents, mixed=True)
    if dyn is not None and template is not None:
        given = conform(cx, Rows(dyn.template), list(dyn.lists), Rows(template))
        dyn = dyn if given is None else DynList(tuple(given), template)
    if dyn is None:
        cx.refuse("a list that changes at run time, whose elements differ in structure")
    hint = hint_for(cx.name_of(Obj(oid)))
    for lst in dyn.lists:
        lst.hint = hint
    for value in contents.items:
        hold(cx, oid, value)
    cx.state.objs[oid] = dyn
    cx.state.tracked |= {oid}
    if isinstance(contents.cls, Kind) and contents.cls.maxlen is not None:
        cx.bounds[oid] = contents.cls.maxlen
    for k, value in enumerate(contents.items):
        settle(cx, oid, dyn.template, (const(k),), value)
    return dyn
