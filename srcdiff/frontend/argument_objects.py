"""The lists, dicts and objects among the arguments: which of them must be one at a call, and which must be two.

Two arguments, or parts of them, can be one object. That matters where the function changes one of them, or asks whether they
are one; then a condition of the guard says what they were taken for. Nothing is asked about the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..ir.tree import Node, Tree, part_names
from .sharing import items, whole
from .values import Inside, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["ArgumentObjects"]

KINDS: Mapping[str, type] = {"list": list, "dict": dict}


class ArgumentObjects:
    """What lowering notes of the objects that came in.

    Attributes
    ----------
    same : mapping of str to str
        Expressions for what is one object at the call that is compiled for: a later one to an earlier one.
    values : dict of str to Value
        By expression, every argument and part of one.
    places : dict of int to (str, type)
        By number of the object: the first expression that reaches it, and its class.
    """

    def __init__(self, same: Mapping[str, str]) -> None:
        self.same = same
        self.values: dict[str, Value] = {}
        self.places: dict[int, tuple[str, type]] = {}
        self._changed: set[int] = set()
        self._compared: set[frozenset[int]] = set()
        self._followed: list[tuple[str, Any]] = []
        self._recorded: list[tuple[str, Any]] = []

    def add(self, oid: int, name: str, t: Tree) -> None:
        """An object that an argument's tree describes."""
        cls = (t.cls or KINDS[t.kind]) if isinstance(t, Node) else list
        self.places.setdefault(oid, (name, cls))

    def values_as(self, t: Tree, name: str, first: str) -> Value:
        """The value of what is one object with ``first``; the parts of both are the same ones too."""
        value = self.values[name] = self.values[first]
        if isinstance(t, Node):
            for item, part, other in zip(t.items, part_names(t, name), part_names(t, first), strict=True):
                self.values_as(item, part, other)
        return value

    def note_change(self, cx: Lowerer, number: int) -> None:
        """The function changes this list, dict or object, which may be or hold some of the arguments."""
        if not self.places:
            return
        found = cx.state.objs.get(number)
        if isinstance(found, Inside):
            self._changed.update(oid for oid in self.places if self._may_be_in(cx, oid, found.owner))
        elif number in self.places:
            self._changed.add(number)

    def _may_be_in(self, cx: Lowerer, oid: int, owner: int) -> bool:
        """Whether an argument may be among the items of a list of unknown length, or be that list."""
        contents = cx.state.objs.get(oid)
        part = owner in self.places and self.places[oid][0].startswith(self.places[owner][0])
        return part or (isinstance(contents, Inside) and contents.owner == owner) or \
            items(owner) in cx.state.links.get(whole(oid), ())

    def note_comparison(self, a: int, b: int) -> None:
        """The function asks whether these two are one object."""
        known = {a, b} & self.places.keys()
        if len(known) == 2:
            self._compared.add(frozenset(known))
        else:
            self._changed |= known

    def note_followed(self, value: Any, name: str) -> None:
        """The function looks into an object from outside."""
        self._followed.append((name, value))

    def note_recorded(self, value: Any, name: str) -> None:
        """The function adds to an object from outside, or assigns to a part of it."""
        self._recorded.append((name, value))

    def changed(self) -> list[str]:
        """The objects that must be told from all others."""
        return [self.places[oid][0] for oid in sorted(self._changed)]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Expressions for two arguments that were taken for two objects."""
        numbers = list(self.places)
        for k, a in enumerate(numbers):
            for b in numbers[k + 1:]:
                asked = {a, b} & self._changed or frozenset((a, b)) in self._compared
                if asked and self.places[a][1] is self.places[b][1]:
                    yield self.places[a][0], self.places[b][0]

    def outside(self) -> Iterator[tuple[str, str, Any]]:
        """An argument, and what it was taken not to be: an object from outside, by name and value."""
        for oid, (name, cls) in self.places.items():
            others = self._recorded + (self._followed if oid in self._changed else [])
            for other, value in others:
                if type(value) is cls:
                    yield name, other, value
