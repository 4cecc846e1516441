"""What is inside a list of unknown length: its items that are lists, dicts or objects themselves.

A list of unknown length is kept leaf by leaf: a list of pairs is two IR lists. Where its items are lists, these are items of
the IR lists; where they are dicts or objects, each slot is a leaf. So what ``rows[i]`` is bound to has no contents of its own:
it is *inside* the list, and reads and writes go through to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import UnsupportedError
from ..ir.build import const
from ..ir.core import Atom, Block, Const, If, Op, Var
from ..ir.structural import sym_of
from ..ir.types import List, Type
from .aliases import AliasError, EmptyHere, connect
from .item_arrays import Place
from .nests import (
    NotApart,
    built,
    conform,
    containers_of,
    counterpart,
    exchanged,
    form_of,
    leaves_in,
    part,
    shifted,
    taken_apart,
)
from .sharing import confuse, hold, items, same_container, taken_from, whole
from .structure import same_value
from .values import DynList, Fields, Inside, Maybe, Obj, Ref, Rows, Tup, Twin, Value

if TYPE_CHECKING:
    import ast

    from .context import Lowerer

__all__ = ["append_to", "contents", "detach", "item_of", "lengths_of", "pop_from", "put", "settle", "write_to"]


def place(index: tuple[Atom, ...]) -> Any:
    """Indices as an argument of an operation."""
    return index[0] if len(index) == 1 else index


def inside(cx: Lowerer, owner: int, template: Any, index: tuple[Atom, ...]) -> Value:
    """The part of a list of unknown length that a template describes, at a place."""
    if isinstance(template, int):
        var = at(cx, owner, template, index)
        item = cx.wrap(var)
        if isinstance(item, Ref):
            cx.link(item.sid, owner)
            if len(index) == 1:
                cx.places[var] = Place(owner, template, index[0], cx.state.objs[owner].lists[template])  # type: ignore[union-attr]
        return item
    if isinstance(template, Tup):
        return Tup(tuple(inside(cx, owner, t, index) for t in template.items), template.cls)
    if isinstance(template, Maybe):
        none = inside(cx, owner, template.none, index)
        assert isinstance(none, (Var, Const))
        return type(template)(none, inside(cx, owner, template.value, index))
    if isinstance(template, (Rows, Fields)):
        oid = next(cx.ids)
        cx.state.objs[oid] = Inside(owner, index, template)
        return Obj(oid)
    return template


def contents(cx: Lowerer, oid: int) -> Fields | DynList:
    """What a list, dict or object holds, read through if it is inside a list."""
    found = cx.state.objs[oid]
    if not isinstance(found, Inside):
        return found
    if isinstance(found.template, Fields):
        fields = found.template
        return Fields(tuple(inside(cx, found.owner, t, found.index) for t in fields.items), fields.keys, fields.cls)
    numbers = leaves_in(found.template.item)
    return DynList(tuple(at(cx, found.owner, n, found.index) for n in numbers), part(found.template.item))


def at(cx: Lowerer, owner: int, number: int, index: tuple[Atom, ...]) -> Var:
    """What one of the lists of an owner holds at a place."""
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    t: Type | None = found.lists[number].type
    for _ in index:
        t = t.elem if isinstance(t, List) else None
    if t is None:
        raise EmptyHere("an item of a list that is empty here", cx.builder.loc, "start from a list with items, or use an array")
    return cx.var("getitem", found.lists[number], place(index))


def root(cx: Lowerer, oid: int) -> tuple[int, tuple[Atom, ...], Any]:
    """The list that a list of unknown length is kept in: itself, or one that it is inside; where; the template of its items."""
    found = cx.state.objs[oid]
    if isinstance(found, Inside):
        return found.owner, found.index, found.template.item
    assert isinstance(found, DynList)
    return oid, (), found.template


def item_of(cx: Lowerer, oid: int, index: Atom) -> Value:
    """An item of a list of unknown length."""
    owner, outer, template = root(cx, oid)
    return inside(cx, owner, template, (*outer, index))


def views_of(cx: Lowerer, owner: int, depth: int) -> list[tuple[int, Inside]]:
    """The containers that are inside a list, at this depth or deeper."""
    return [(oid, c) for oid, c in cx.state.objs.items() if isinstance(c, Inside) and c.owner == owner and len(c.index) > depth]


def detach(cx: Lowerer, owner: int, depth: int = 0, certain: bool = False) -> list[int]:
    """Before a list changes which items it has, those that have a name become containers of their own.

    ``depth``: the change is that of an item at this depth. ``certain``: only what is found by its distance from the end.
    """
    gone = [oid for oid, c in views_of(cx, owner, depth) if not certain or not _from_the_start(c.index[depth])]
    for oid in gone:
        on_its_own(cx, oid, owner)
    return gone


def on_its_own(cx: Lowerer, oid: int, owner: int) -> None:
    """A container gets contents of its own; it may still be one of those in a list."""
    none = next((m.none for value in cx.state.env.values() for m in _maybes(value) if m.value == Obj(oid)), None)
    cx.state.objs[oid] = contents(cx, oid) if none is None else _contents_unless(cx, oid, none)
    taken_from(cx, oid, owner)
    connect(cx.state.links, oid, owner)
    connect(cx.state.links, whole(oid), items(owner))
    connect(cx.state.links, items(oid), items(owner))


def _maybes(value: Any) -> Iterator[Maybe]:
    if isinstance(value, Maybe):
        yield value
    elif isinstance(value, Tup):
        for item in value.items:
            yield from _maybes(item)


def _contents_unless(cx: Lowerer, oid: int, none: Atom) -> DynList:
    """What a list holds, where it is one: its place in the other list means nothing where the name is None."""
    with cx.builder.block() as reads:
        found = contents(cx, oid)
    if not isinstance(found, DynList):
        raise AliasError("a list changes while an item of it, which may also be None, has a name", cx.builder.loc,
                         "change the list after the last use of the name")
    empty, lists = (tuple(Var(v.type) for v in found.lists) for _ in range(2))
    with cx.builder.block() as made:
        for v in empty:
            cx.builder.add(Op("list", ((),), (v,), cx.builder.loc))
    arms = Block(tuple(made), empty), Block(tuple(reads), found.lists)
    cx.builder.add(If(none, *arms, lists, cx.builder.loc, cx.builder.role))
    return DynList(lists, found.template)


def _from_the_start(index: Atom) -> bool:
    """Whether an index means the same item after something was appended."""
    return isinstance(index, Const) and index.value >= 0


def put(cx: Lowerer, oid: int, new: Fields | DynList) -> None:
    """Give a list, dict or object other contents."""
    found = cx.state.objs.get(oid)
    if not isinstance(found, Inside):
        detach(cx, oid)
        cx.state.objs[oid] = new
        cx.state.tracked -= {oid}
        return
    if isinstance(found.template, Fields):
        put_slots(cx, found, new)
        return
    leaves: list[Any] = []
    try:
        given = conform(cx, form_of(cx, new, True, leaves), leaves, found.template)
    except NotApart:
        given = None
    if given is None:
        cx.refuse("an item of a list gets another structure than the others")
    detach(cx, found.owner, len(found.index))
    store(cx, found.owner, list(leaves_in(found.template)), found.index, given)
    for k, item in enumerate(new.items if isinstance(new, Fields) else ()):
        hold(cx, found.owner, item)
        settle(cx, found.owner, found.template.item, (*found.index, const(k)), item)
    check_iterated(cx, oid)


def put_slots(cx: Lowerer, where: Inside, new: Fields | DynList) -> None:
    """Give a dict or object in a list other items, where they are others."""
    fields = where.template
    if not isinstance(new, Fields) or (new.keys, new.cls) != (fields.keys, fields.cls):
        cx.refuse("an item of a list gets another structure than the others")
    for t, item in zip(fields.items, new.items, strict=True):
        if is_there(cx, where, t, item):
            continue
        try:
            template, leaves = taken_apart(cx, item)
            given = conform(cx, template, leaves, t)
        except NotApart:
            given = None
        if given is None:
            cx.refuse("an item of a list gets another structure than the others")
        for oid, c in views_of(cx, where.owner, len(where.index) - 1):
            if counterpart(t, t, c.template) is not None:
                on_its_own(cx, oid, where.owner)
        hold(cx, where.owner, item)
        store(cx, where.owner, list(leaves_in(t)), where.index, given)
        settle(cx, where.owner, t, where.index, item)


def is_there(cx: Lowerer, where: Inside, template: Any, value: Value) -> bool:
    """Whether a value is the very container that this part of an item is."""
    if isinstance(value, Tup) and isinstance(template, Tup):
        return all(is_there(cx, where, t, item) for t, item in zip(template.items, value.items, strict=True))
    found = cx.state.objs[value.oid] if isinstance(value, Obj) else None
    return isinstance(found, Inside) and found.owner == where.owner and found.template == template and \
        len(found.index) == len(where.index) and all(map(same_value, found.index, where.index))


def store(cx: Lowerer, owner: int, numbers: list[int], index: tuple[Atom, ...], leaves: list[Any]) -> None:
    """Write leaves into the lists of an owner."""
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    lists = list(found.lists)
    for n, leaf in zip(numbers, leaves, strict=True):
        lists[n] = updated(cx, "setitem", lists[n], place(index), cx.read(leaf))
    cx.state.objs[owner] = DynList(tuple(lists), found.template)


def updated(cx: Lowerer, name: str, lst: Var, *args: Any) -> Var:
    new = cx.var(name, lst, *args)
    new.hint = lst.hint
    return new


def settle(cx: Lowerer, owner: int, template: Any, index: tuple[Atom, ...], value: Value) -> None:
    """After a value was put into a list, the containers in it are inside that list; or they may be what is there, if they are
    in another list too, or come from outside.
    """
    if isinstance(value, Tup) and isinstance(template, Tup):
        for t, item in zip(template.items, value.items, strict=True):
            settle(cx, owner, t, index, item)
    elif isinstance(value, Maybe) and isinstance(template, Maybe):
        settle(cx, owner, template.value, index, value.value)
    if not isinstance(value, Obj):
        return
    found = cx.state.objs[value.oid]
    if isinstance(found, Inside):
        same_container(cx, items(found.owner), items(owner))
    elif value.oid in cx.shared or value.oid in cx.foreign or value.oid in cx.lent:
        for token in (whole(value.oid), items(value.oid)):
            connect(cx.state.links, token, items(owner))
        if value.oid in cx.shared:
            confuse(cx, owner)
    else:
        if isinstance(found, Fields):
            parts = template.items if isinstance(template, Fields) else [template.item] * len(found.items)
            for k, (t, item) in enumerate(zip(parts, found.items, strict=True)):
                settle(cx, owner, t, index if isinstance(template, Fields) else (*index, const(k)), item)
        detach(cx, value.oid)
        cx.state.objs[value.oid] = Inside(owner, index, template)
        for token in (whole(value.oid), items(value.oid)):
            for other in cx.state.links.get(token, ()):
                same_container(cx, other, items(owner))


# -- changes of lists of unknown length --------------------------------------------------------------------------------


def fitted(cx: Lowerer, owner: int, want: Any, value: Value, node: ast.AST) -> tuple[Any, list[Any]]:
    """The template of the items of a list, and the leaves of one that is going to be put into it."""
    template, leaves = taken_apart(cx, value)
    given = conform(cx, template, leaves, want)
    if given is not None:
        return want, given
    if isinstance(want, Maybe) and not isinstance(template, Maybe):
        template, leaves = Maybe(0, shifted(template, 1)), [const(False), *leaves]  # type: ignore[arg-type]
    return reformed(cx, owner, want, template, node), leaves


def reformed(cx: Lowerer, owner: int, old: Any, item: Any, node: ast.AST) -> Any:
    """Let lists in which nothing is yet have items of another form; the template of an item is that from then on."""
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    before = Rows(found.template)
    after = exchanged(before, Rows(old), Rows(item))
    lists = conform(cx, before, list(found.lists), after)
    if lists is None:
        cx.refuse("an item of another structure than the list's", node)
    cx.state.objs[owner] = DynList(tuple(lists), after.item)
    for oid, c in views_of(cx, owner, 0):
        cx.state.objs[oid] = Inside(owner, c.index, counterpart(before, after, c.template))
    return counterpart(before, after, Rows(old)).item


def append_to(cx: Lowerer, oid: int, value: Value, node: ast.AST) -> None:
    """``items.append(value)``."""
    owner, outer, want = root(cx, oid)
    template, leaves = fitted(cx, owner, want, value, node)
    hold(cx, owner, value)
    detach(cx, owner, len(outer), certain=True)
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    lists = list(found.lists)
    for n, leaf in zip(leaves_in(template), leaves, strict=True):
        args = (cx.read(leaf),) if not outer else (place(outer), cx.read(leaf))
        lists[n] = updated(cx, "append_in" if outer else "append", lists[n], *args)
    cx.state.objs[owner] = DynList(tuple(lists), found.template)
    settle(cx, owner, template, (*outer, const(-1)), value)
    check_iterated(cx, oid)


def pop_from(cx: Lowerer, oid: int) -> Value:
    """``items.pop()``."""
    owner, outer, template = root(cx, oid)
    named = detach(cx, owner, len(outer))
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    lists, leaves = list(found.lists), []
    for n in leaves_in(template):
        args = (place(outer),) if outer else ()
        value, lists[n] = cx.builder.emit_all("pop_in" if outer else "pop", lists[n], *args)
        leaves.append(value if isinstance(value.type, List) else cx.wrap(value))
    cx.state.objs[owner] = DynList(tuple(lists), found.template)
    for array in (leaf.sid for leaf in leaves if isinstance(leaf, Ref)):
        for number in cx.state.links.get(owner, ()):
            connect(cx.state.links, array, number)
    made = built(cx, part(template), leaves)
    for number in containers_of(cx.state, made):
        taken_from(cx, number, owner)
        for other in named:
            connect(cx.state.links, whole(number), whole(other))
            connect(cx.state.links, items(number), items(other))
    check_iterated(cx, oid)
    return made


def lengths_of(cx: Lowerer, oids: list[int]) -> list[tuple[int, Atom]]:
    """How long lists are."""
    found = ((oid, contents(cx, oid)) for oid in oids)
    return [(oid, cx.var("len", c.lists[0]) if isinstance(c, DynList) else const(len(c.items))) for oid, c in found
            if isinstance(c, DynList) or (c.keys is None and not isinstance(c.cls, type))]


def check_iterated(cx: Lowerer, oid: int) -> None:
    """A test at run time, after a change of a list in a list: it may be one that is iterated under another name."""
    changed = cx.state.objs[oid]
    if not isinstance(changed, Inside):
        return
    for other, length in cx.started:
        found = cx.state.objs.get(other)
        if other == oid or not isinstance(found, Inside) or found.owner != changed.owner or \
                len(found.index) != len(changed.index) or \
                set(leaves_in(found.template)).isdisjoint(leaves_in(changed.template)):
            continue
        now = contents(cx, other)
        assert isinstance(now, DynList)
        with cx.builder.block() as stmts:
            cx.raise_at_run_time(UnsupportedError("a list that changes while it is iterated", cx.builder.loc,
                                                  "iterate over a copy: for v in list(items)"))
        other_length = cx.var("np.not_equal", cx.var("len", now.lists[0]), length)
        cx.builder.add(If(other_length, Block(tuple(stmts), ()), Block((), ()), (), cx.builder.loc, cx.builder.role))


def write_to(cx: Lowerer, oid: int, index: Atom, value: Value, node: ast.AST) -> None:
    """``items[index] = value``."""
    owner, outer, want = root(cx, oid)
    template, leaves = fitted(cx, owner, want, value, node)
    hold(cx, owner, value)
    at = (*outer, index)
    swapped = not outer and isinstance(value, Obj) and replace_one(cx, owner, index, value.oid)
    if not swapped:
        let_go(cx, owner, len(outer), index)
        detach(cx, owner, len(outer))
    store(cx, owner, list(leaves_in(template)), at, leaves)
    if not swapped:
        settle(cx, owner, template, at, value)


def let_go(cx: Lowerer, owner: int, depth: int, index: Atom) -> None:
    """The item that is replaced is not in the list any more, if it is in there once."""
    if items(owner) in cx.state.links.get(items(owner), ()) or owner in cx.state.twins:
        return
    for oid, c in views_of(cx, owner, depth):
        if len(c.index) == depth + 1 and same_index(c.index[depth], index):
            cx.state.objs[oid] = contents(cx, oid)
            taken_from(cx, oid, owner)


def same_index(a: Atom, b: Atom) -> bool:
    return same_value(a, b) or (sym_of(a) is not None and sym_of(a) == sym_of(b))


def replace_one(cx: Lowerer, owner: int, index: Atom, new: int) -> bool:
    """Whether ``items[index] = value`` is a half of a swap of two items. After the first, two items are one container."""
    twin, found = cx.state.twins.get(owner), cx.state.objs[new]
    if twin is None and isinstance(found, Inside) and found.owner == owner and len(found.index) == 1:
        old = [oid for oid, c in views_of(cx, owner, 0) if len(c.index) == 1 and same_index(c.index[0], index)]
        if len(old) != 1 or len(views_of(cx, owner, 0)) != 2:
            return False
        cx.state.objs[old[0]] = contents(cx, old[0])
        taken_from(cx, old[0], owner)
        cx.state.twins[owner] = Twin(index, found.index[0], old[0])
        return True
    if twin is None or new != twin.gone or not same_index(index, twin.other):
        return False
    del cx.state.twins[owner]
    for oid, c in views_of(cx, owner, 0):
        cx.state.objs[oid] = Inside(owner, (twin.index, *c.index[1:]), c.template)
        template = c.template
    cx.state.objs[new] = Inside(owner, (index,), template)
    return True
