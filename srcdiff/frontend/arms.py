"""The state after two arms of a branch: its names, storages, lists and links."""

from __future__ import annotations

from typing import Any

from ..ir.core import Atom, Block, Const, If, Var, map_arg
from .context import Lowerer, undef
from .join import MISSING, Arm, Merger
from .reachable import reachable
from .sharing import connect_one, items
from .values import Bound, Choice, DynList, Either, Fields, Inside, Maybe, Obj, Partial, Poison, Ref, State, Tup
from .widening import NoJoin

__all__ = ["build_if", "merge"]


def merge(cx: Lowerer, cond: Atom, arms: tuple[Arm, Arm], live: set[tuple[int, str]]) -> tuple[State, list[Var]]:
    """The state after two arms, and the joined variables; each arm's ``results`` are filled in."""
    if arms[0].state.dead and arms[1].state.dead:
        return arms[0].state, []
    merger = Merger(cx, cond, arms)
    if arms[0].state.dead or arms[1].state.dead:
        return _survivor(merger, live)
    a, b = arms[0].state, arms[1].state
    result = merger.result
    for links in (a.links, b.links):
        for key, group in links.items():
            result.links[key] = result.links.get(key, frozenset()) | group
    for owner in a.twins | b.twins:
        connect_one(result.links, items(owner))
    result.choices = {sid: choice for sid, choice in a.choices.items() if b.choices.get(sid) is choice}
    result.taken = {n: a.taken.get(n, 0) if a.taken.get(n, 0) == b.taken.get(n, 0) else None for n in a.taken | b.taken}
    result.tracked = a.tracked & b.tracked
    keys = sorted(k for k in live if k in a.env or k in b.env)
    pairs = [(k, a.env.get(k, MISSING), b.env.get(k, MISSING)) for k in keys]
    _find_partners(merger, pairs)
    _common_storages(merger, pairs)
    for name, x, y in pairs:
        result.env[name] = merger.value(x, y, name[1])
    _common_objects(merger)
    merger.connect_lists()
    merger.connect_twins()
    return result, merger.outs


def _find_partners(merger: Merger, pairs: list[tuple[Any, Any, Any]]) -> None:
    todo = [(x, y) for _, x, y in pairs]
    seen: set[tuple[int, int]] = set()
    while todo:
        x, y = todo.pop()
        if isinstance(x, Tup) and isinstance(y, Tup) and len(x.items) == len(y.items):
            todo.extend(zip(x.items, y.items, strict=True))
            continue
        if isinstance(x, Obj) and isinstance(y, Obj):
            merger.partners[0].setdefault(x.oid, set()).add(y.oid)
            merger.partners[1].setdefault(y.oid, set()).add(x.oid)
            if (x.oid, y.oid) not in seen:
                seen.add((x.oid, y.oid))
                cx, cy = merger.arms[0].state.objs[x.oid], merger.arms[1].state.objs[y.oid]
                if isinstance(cx, Fields) and isinstance(cy, Fields) and len(cx.items) == len(cy.items):
                    todo.extend(zip(cx.items, cy.items, strict=True))
            continue
        for side, one, other in ((0, x, y), (1, y, x)):
            for leaf in _ids(merger, side, one):
                partners = [other.sid] if isinstance(other, Ref) and isinstance(one, Ref) else [-1]
                merger.partners[side].setdefault(leaf, set()).update(partners)


def _ids(merger: Merger, side: int, value: Any) -> set[int]:
    if value is MISSING:
        return set()
    cx = merger.cx
    saved, cx.state = cx.state, merger.arms[side].state
    try:
        return reachable(cx, [value])
    finally:
        cx.state = saved


def _common_storages(merger: Merger, pairs: list[tuple[Any, Any, Any]]) -> None:
    """Storages that existed before the arms: joined where one arm made a new version."""
    a, b = merger.arms[0].state, merger.arms[1].state
    wanted = set(merger.partners[0]) | set(merger.partners[1])
    for _, x, y in pairs:
        wanted |= _ids(merger, 0, x) | _ids(merger, 1, y)
    for sid in sorted(set(a.store) & set(b.store)):
        x, y = a.store[sid], b.store[sid]
        if x is y:
            merger.result.store[sid] = x
        elif sid in wanted or merger.cx.is_pinned(sid):
            merger.result.store[sid] = merger.phi(x, y, x.hint)  # type: ignore[assignment]


def _common_objects(merger: Merger) -> None:
    a, b = merger.arms[0].state, merger.arms[1].state
    for oid in sorted(set(a.objs) & set(b.objs)):
        if oid not in merger.result.objs:
            try:
                merger.contents(oid, oid, oid, "a list")
            except NoJoin as no:
                merger.result.objs[oid] = Fields((Poison(f"a list is {no}"),), ("<poison>",))


def _survivor(merger: Merger, live: set[tuple[int, str]]) -> tuple[State, list[Var]]:
    """One arm never ends: the state is that of the other, whose new variables become results of the if."""
    side = 1 if merger.arms[0].state.dead else 0
    arm = merger.arms[side]
    state = arm.state.copy()

    def outer(atom: Atom) -> Atom:
        if isinstance(atom, Const) or atom.uid < arm.start:
            return atom
        blank = undef(atom.type)
        out = merger.phi(atom, blank) if side == 0 else merger.phi(blank, atom)
        if isinstance(out, Var):
            out.sym = atom.sym
        return out

    def value(v: Any) -> Any:
        if isinstance(v, (Var, Const)):
            return outer(v)
        if isinstance(v, Ref):
            return Ref(v.sid, map_arg(v.path, outer))
        if isinstance(v, Tup):
            return Tup(tuple(value(i) for i in v.items), v.cls)
        if isinstance(v, Either):
            return Either(outer(v.cond), value(v.then), value(v.orelse))
        if isinstance(v, Maybe):
            return type(v)(outer(v.none), value(v.value))
        if isinstance(v, Bound):
            return Bound(value(v.receiver), v.name)
        if isinstance(v, Partial):
            return Partial(value(v.fun), tuple(map(value, v.args)), tuple((k, value(i)) for k, i in v.kwargs))
        return v

    state.env = {k: value(v) for k, v in state.env.items() if k in live}
    saved, merger.cx.state = merger.cx.state, arm.state
    wanted = reachable(merger.cx, state.env.values())
    merger.cx.state = saved
    for oid, contents in list(state.objs.items()):
        if isinstance(contents, Fields):
            state.objs[oid] = Fields(tuple(value(i) for i in contents.items), contents.keys, contents.cls)
        elif isinstance(contents, Inside):
            state.objs[oid] = Inside(contents.owner, tuple(map(outer, contents.index)), contents.template)
        else:
            state.objs[oid] = DynList(tuple(outer(v) for v in contents.lists), contents.template)  # type: ignore[misc]
    state.store = {s: outer(v) for s, v in state.store.items()
                   if s in wanted or merger.cx.is_pinned(s) or v.uid < arm.start}
    for sid, choice in arm.state.choices.items():
        if choice.cond.uid >= arm.start:
            sides = (None if side is None else value(side) for side in (choice.then, choice.orelse))
            state.choices[sid] = Choice(outer(choice.cond), *sides)  # type: ignore[arg-type]
    return state, merger.outs


def build_if(cx: Lowerer, cond: Atom, arms: tuple[Arm, Arm], live: set[tuple[int, str]], style: str) -> None:
    """Join the arms, append the ``If``, and go on in the joined state."""
    state, outs = merge(cx, cond, arms, live)
    blocks = [Block(tuple(a.stmts), tuple(a.results)) for a in arms]
    cx.builder.add(If(cond, blocks[0], blocks[1], tuple(outs), cx.builder.loc, cx.builder.role, style))
    cx.state = state


