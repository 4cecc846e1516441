"""Which lists, dicts and objects may be one and the same, where nobody can tell, and which arrays they may hold.

That is noted among the links of the state. Of containers, as numbers below zero: ``whole(oid)`` is the container itself,
``items(oid)`` stands for all the containers that it holds. What may be another one that is alive is not written to. A list
that is linked to an array, by its own number, may hold it; one that is linked to itself may hold one array twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aliases import AliasError, connect, partners
from .reachable import live_values, reachable
from .values import Fields, Inside, Maybe, Obj, Ref, State, Tup, Value

if TYPE_CHECKING:
    import ast

    from .context import Lowerer

__all__ = ["check_change", "confuse", "connect_all", "connect_one", "hold", "items", "same_container", "taken_from", "tokens",
           "whole"]


def whole(oid: int) -> int:
    return -2 * oid - 1


def items(oid: int) -> int:
    return -2 * oid


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


def connect_all(links: dict[int, frozenset[int]], oid: int, token: int) -> None:
    """A container, or one in it, may be what a token stands for."""
    connect(links, whole(oid), token)
    connect(links, items(oid), token)


def taken_from(cx: Lowerer, oid: int, owner: int) -> None:
    """A container that was in a list may be what its items may be, and hold what they may hold."""
    links = cx.state.links
    for token in links.get(items(owner), ()):
        connect_all(links, oid, token)
    for number in links.get(owner, ()):
        connect(links, oid, number)


def hold(cx: Lowerer, owner: int, value: Value) -> None:
    """A list gets the arrays that are in a value; if it may have had one before, two of its items may be one array."""
    links = cx.state.links
    if isinstance(value, Ref):
        if owner in partners(cx.state, value.sid):
            connect_one(links, owner)
        cx.link(value.sid, owner)
    elif isinstance(value, Maybe):
        hold(cx, owner, value.value)
    elif isinstance(value, Tup):
        for item in value.items:
            hold(cx, owner, item)
    elif isinstance(value, Obj):
        found = cx.state.objs[value.oid]
        if isinstance(found, Fields):
            hold(cx, owner, Tup(found.items))
            return
        other = found.owner if isinstance(found, Inside) else value.oid
        same_container(cx, owner, other)
        for number in links.get(other, ()):
            same_container(cx, owner, number)


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
