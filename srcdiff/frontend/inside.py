"""What is inside a list of unknown length: its items that are lists, dicts or objects themselves.

A list of unknown length is kept leaf by leaf: a list of pairs is two IR lists. Where its items are lists, these are items of
the IR lists; where they are dicts or objects, each slot is a leaf. So what ``rows[i]`` is bound to has no contents of its own:
it is *inside* the list, and reads and writes go through to that.

Which lists may be one and the same object, where nobody can tell, is noted among the links of the state, as numbers below zero:
``whole(oid)`` is the list itself, ``items(oid)`` stands for all the containers that it holds. What may be another one that is
alive is not written to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..ir.build import const
from ..ir.core import Atom, Block, Const, If, Op, Var
from ..ir.structural import sym_of
from ..ir.types import List, Type
from .aliases import AliasError, EmptyHere, connect
from .nests import built, conform, form_of, leaves_in, part, shifted, taken_apart
from .reachable import live_values, reachable
from .structure import same_value
from .values import DynList, Fields, Inside, Maybe, Obj, Ref, Rows, State, Tup, Twin, Value

if TYPE_CHECKING:
    import ast

    from .context import Lowerer

__all__ = ["append_to", "check_change", "confuse", "connect_all", "connect_one", "contents", "detach", "item_of", "items",
           "pop_from", "put", "same_container", "settle", "tokens", "whole", "write_to"]


def whole(oid: int) -> int:
    return -2 * oid - 1


def items(oid: int) -> int:
    return -2 * oid


def place(index: tuple[Atom, ...]) -> Any:
    """Indices as an argument of an operation."""
    return index[0] if len(index) == 1 else index


def inside(cx: Lowerer, owner: int, template: Any, index: tuple[Atom, ...]) -> Value:
    """The part of a list of unknown length that a template describes, at a place."""
    if isinstance(template, int):
        item = cx.wrap(at(cx, owner, template, index))
        if isinstance(item, Ref):
            cx.link(item.sid, owner)
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
        return
    leaves: list[Any] = []
    template = form_of(cx, new, isinstance(found.template, Rows), leaves)
    given = conform(cx, template, leaves, found.template)
    if given is None:
        cx.refuse("an item of a list gets another structure than the others")
    detach(cx, found.owner, len(found.index))
    store(cx, found.owner, list(leaves_in(found.template)), found.index, given)
    if isinstance(new, Fields):
        for t, item in zip(found.template.items if isinstance(found.template, Fields) else (), new.items, strict=False):
            settle(cx, found.owner, t, found.index, item)


def store(cx: Lowerer, owner: int, numbers: list[int], index: tuple[Atom, ...], leaves: list[Any]) -> None:
    """Write leaves into the lists of an owner."""
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    lists = list(found.lists)
    for n, leaf in zip(numbers, leaves, strict=True):
        lists[n] = updated(cx, "setitem", lists[n], place(index), cx.read(leaf))
        if isinstance(leaf, Ref):
            cx.link(leaf.sid, owner)
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


def fitted(cx: Lowerer, owner: int, outer: tuple[Atom, ...], value: Value, node: ast.AST) -> tuple[Any, list[Any]]:
    """The template of the items of a list, and the leaves of one that is going to be put into it."""
    template, leaves = taken_apart(cx, value)
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    want = found.template
    for _ in outer:
        want = want.item
    given = conform(cx, template, leaves, want)
    if given is not None:
        return want, given
    if isinstance(want, Maybe) and not isinstance(template, Maybe):
        template, leaves = Maybe(0, shifted(template, 1)), [const(False), *leaves]  # type: ignore[arg-type]
    for _ in outer:
        template = Rows(template)
    lists = conform(cx, Rows(found.template), list(found.lists), Rows(template))
    if lists is None:
        cx.refuse("an item of another structure than the list's", node)
    cx.state.objs[owner] = DynList(tuple(lists), template)
    for _ in outer:
        template = template.item
    return template, leaves


def append_to(cx: Lowerer, oid: int, value: Value, node: ast.AST) -> None:
    """``items.append(value)``."""
    owner, outer, _ = root(cx, oid)
    template, leaves = fitted(cx, owner, outer, value, node)
    detach(cx, owner, len(outer), certain=True)
    found = cx.state.objs[owner]
    assert isinstance(found, DynList)
    lists = list(found.lists)
    for n, leaf in zip(leaves_in(template), leaves, strict=True):
        args = (cx.read(leaf),) if not outer else (place(outer), cx.read(leaf))
        lists[n] = updated(cx, "append_in" if outer else "append", lists[n], *args)
        if isinstance(leaf, Ref):
            cx.link(leaf.sid, owner)
    cx.state.objs[owner] = DynList(tuple(lists), found.template)
    settle(cx, owner, template, (*outer, const(-1)), value)


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
    made = built(cx, part(template), leaves)
    for other in named:
        if isinstance(made, Obj):
            connect(cx.state.links, whole(made.oid), whole(other))
            connect(cx.state.links, items(made.oid), items(other))
    return made


def write_to(cx: Lowerer, oid: int, index: Atom, value: Value, node: ast.AST) -> None:
    """``items[index] = value``."""
    owner, outer, _ = root(cx, oid)
    template, leaves = fitted(cx, owner, outer, value, node)
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


def same_container(cx: Lowerer, a: int, b: int) -> None:
    """Two containers may be one."""
    if a == b:
        connect_one(cx.state.links, a)
    else:
        connect(cx.state.links, a, b)


def confuse(cx: Lowerer, owner: int) -> None:
    """Two items of a list may be one container: no item is written to from here on."""
    cx.state.twins.pop(owner, None)
    connect_one(cx.state.links, items(owner))


def connect_one(links: dict[int, frozenset[int]], token: int) -> None:
    links[token] = links.get(token, frozenset()) | {token}


def check_change(cx: Lowerer, oid: int, node: ast.AST | None) -> None:
    """Refuse to change a container that may be another one that is alive."""
    found = cx.state.objs.get(oid)
    if found is None:
        return
    token = items(found.owner) if isinstance(found, Inside) else whole(oid)
    others = cx.state.links.get(token, frozenset())
    twin = isinstance(found, Inside) and found.owner in cx.state.twins
    if not others and not twin:
        return
    numbers = {-other // 2 for other in others if other < 0}
    if any(n in cx.foreign or n in cx.lent for n in numbers):
        cx.refuse("writing to something that the function does not own (a global or captured value)", node,
                  "pass it as an argument, or write to a copy")
    if twin or token in others or numbers & reachable(cx, live_values(cx)):
        raise AliasError("whether this changes another list that is alive cannot be decided", cx.loc(node),
                         "change a copy: row = list(row)")


# -- containers that names are bound to ------------------------------------------------------------------------------------


def tokens(state: State, oid: int, seen: set[int]) -> list[int]:
    """What links of the state say that a container is, where others see it: itself, or an item of a list that they see."""
    found = state.objs.get(oid)
    near = {oid, *(-t // 2 for t in state.links.get(whole(oid), ()) if t < 0)}
    if isinstance(found, Inside):
        near |= {found.owner, *(-t // 2 for t in state.links.get(items(found.owner), ()) if t < 0)}
    made = []
    for other in sorted(near & seen):
        made += [items(other)] if isinstance(found, Inside) or other != oid else [whole(oid), items(oid)]
    return made


def connect_all(links: dict[int, frozenset[int]], oid: int, token: int) -> None:
    """A container, or one in it, may be what a token stands for."""
    connect(links, whole(oid), token)
    connect(links, items(oid), token)
