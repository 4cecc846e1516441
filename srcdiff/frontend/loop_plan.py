"""What is known of a loop while its fixed point is looked for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..ir.core import Atom, Const, Var
from ..ir.types import Type
from ..records import dataclass
from .structure import flatten
from .values import DynList, Fields, Maybe, Ref, State, Value

__all__ = ["TABLE", "Carried", "Plan", "Slot", "Trip", "carriable"]

HEAD_ROOM = 1000
TABLE = "table"  # the template of a dict whose keys only the run knows
Key = tuple[int, str]
Slot = Any  # ("name", key) | ("obj", oid, index) | ("dyn", oid)


@dataclass
class Plan:
    """What is known so far of a loop's carried values; kept across the rounds of enclosing loops.

    Identifiers of frames, storages and objects are the same in every round, because numbering starts again at each
    and leaves room for what the head needs.
    """

    slots: dict[Slot, None] = field(default_factory=dict)
    sids: dict[int, None] = field(default_factory=dict)
    dynamic: dict[int, Any] = field(default_factory=dict)
    types: dict[tuple[Any, int], Type] = field(default_factory=dict)
    joined: dict[tuple[Any, int], frozenset[Type]] = field(default_factory=dict)
    born: dict[Slot, Value] = field(default_factory=dict)
    links: set[tuple[Any, Any]] = field(default_factory=set)
    body_links: set[tuple[int, int]] = field(default_factory=set)
    poison: dict[Slot, str] = field(default_factory=dict)
    maybe: dict[Slot, Maybe] = field(default_factory=dict)
    listed: set[Slot] = field(default_factory=set)  # lists that change their length from trip to trip
    forms: dict[Slot, Any] = field(default_factory=dict)  # templates, where one at the entry says less
    alike: set[tuple[Slot, int, Any]] = field(default_factory=set)  # slot and position of a container, and what it may be

    defaults: dict[int, dict[str, Value]] = field(default_factory=dict)  # attributes of instances that their class has too

    def forget_missing(self, state: State) -> None:
        """Drop what an earlier round found that is not there this time."""
        def there(slot: Slot) -> bool:
            if slot[0] == "name":
                return slot[1] in state.env or slot in self.born or slot in self.poison
            contents = state.objs.get(slot[1])
            return isinstance(contents, DynList if slot[0] == "dyn" else Fields)
        self.slots = {s: None for s in self.slots if there(s)}
        self.sids = {s: None for s in self.sids if s in state.store}


@dataclass
class Trip:
    """How one trip starts: ``begin`` binds the loop's targets (``index`` is the trip's index, None in a while)."""

    node: ast.For | ast.While
    begin: Callable[[Var | None], None]
    body: list[ast.stmt]
    lo: Atom | None = None
    hi: Atom | None = None
    step: Atom | None = None
    reverse: bool = False
    cond: Callable[[], Atom] | None = None
    index_hint: str = ""
    count: Value | None = None


@dataclass
class Carried:
    """One carried IR value: a leaf of a slot, or a storage."""

    what: Any
    leaf: int
    init: Atom
    param: Var
    sid: int | None = None
    result: Atom | None = None


def carriable(value: Value) -> bool:
    return all(isinstance(v, (Var, Const, Ref)) for v in flatten(value))
