"""Arrays that are items of a list of unknown length: a write to one is a write to the list.

``rows[k][0] = v`` reads an item, writes to it, and puts it back. That is the same where the item has no other name that is
alive, is in the list once, and the list is what it was when the item was read.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ..ir.core import Atom, Var
from ..records import dataclass
from .reachable import live_values, reachable
from .values import DynList

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["Place", "is_in_place", "put_back"]


@dataclass(frozen=True, eq=False)
class Place:
    """Where an array was read: the list ``owner``, which of its leaves, at which index; ``held``: what that leaf was then."""

    owner: int
    leaf: int
    index: Atom
    held: Var


def is_in_place(cx: Lowerer, sid: int) -> bool:
    """Whether a storage is an item of a list and nothing else that is alive."""
    place = cx.places.get(cx.state.store[sid])
    if place is None or place.owner not in cx.state.tracked or sid in cx.state.choices:
        return False
    found = cx.state.objs.get(place.owner)
    if not isinstance(found, DynList) or found.lists[place.leaf] is not place.held:
        return False
    linked = cx.state.links.get(sid, frozenset()) & reachable(cx, live_values(cx))
    return linked <= {place.owner} and place.owner not in cx.state.links.get(place.owner, frozenset())


def put_back(cx: Lowerer, sid: int, before: Var, node: ast.AST | None) -> None:
    """Let the list that an item comes from have its new version."""
    place = cx.places.get(before)
    if place is None or not is_placed(cx, place):
        return
    cx.check_owned(place.owner, node)
    found = cx.state.objs[place.owner]
    assert isinstance(found, DynList)
    new = cx.var("setitem", place.held, place.index, cx.state.store[sid])
    new.hint = place.held.hint
    lists = (*found.lists[:place.leaf], new, *found.lists[place.leaf + 1:])
    cx.state.objs[place.owner] = DynList(lists, found.template)
    cx.places[cx.state.store[sid]] = Place(place.owner, place.leaf, place.index, new)


def is_placed(cx: Lowerer, place: Place) -> bool:
    """Whether the list still has what it had when the item was read."""
    found = cx.state.objs.get(place.owner)
    return isinstance(found, DynList) and place.owner in cx.state.tracked and found.lists[place.leaf] is place.held
