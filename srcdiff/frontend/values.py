"""What names are bound to while a function is lowered, and the heap behind them.

A *storage* is anything mutable: an array's memory, a list, a dict, an object. Names, tuple items and object slots hold
references to storages; a write makes a new version of the storage, so every alias sees it.

Grammar::

    Value ::= Var | Const                        a scalar; any static Python object
            | Ref(sid, path)                     an array: a view of the storage sid
            | Tup(items, cls)                    an immutable sequence
            | Obj(oid)                           a list, dict or object in the heap
            | Closure(...) | Bound(...)          a function defined inside; a method with its receiver
            | Derived(...) | Partial(...)        a gradient of one; functools.partial of one
            | Poison(reason)                     two branches disagree: an error when it is read
"""

from __future__ import annotations

import ast
from dataclasses import field
from typing import Any

from ..ir.core import Atom, Const, Path, Var
from ..records import dataclass

__all__ = ["Bound", "Choice", "Closure", "Derived", "DynList", "Fields", "Obj", "Partial", "Poison", "Ref", "State", "Tup",
           "Value"]


WHOLE = Path()


@dataclass(frozen=True)
class Ref:
    """An array: the storage ``sid`` seen through ``path``."""

    sid: int
    path: Path = WHOLE


@dataclass(frozen=True)
class Tup:
    """A tuple (or NamedTuple, ``cls``). ``shape_of``: it is the shape of this variable."""

    items: tuple[Any, ...]
    cls: type | None = None
    shape_of: Var | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Obj:
    oid: int


@dataclass(frozen=True, eq=False)
class Closure:
    """A function defined inside the function that is lowered. Free names are looked up in ``frame`` at the call."""

    node: ast.FunctionDef | ast.Lambda
    frame: Any
    defaults: tuple[Any, ...] = ()
    kw_defaults: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Bound:
    receiver: Any
    name: str


@dataclass(frozen=True)
class Derived:
    """A derivative of a function that is a value here: ``mode`` is ``"grad"``, ``"value_and_grad"`` or ``"hvp"``."""

    fun: Any
    mode: str
    argnums: Any = 0
    has_aux: bool = False


@dataclass(frozen=True)
class Partial:
    """``functools.partial`` of a function."""

    fun: Any
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Poison:
    reason: str


Value = Var | Const | Ref | Tup | Obj | Closure | Bound | Derived | Partial | Poison


@dataclass(frozen=True)
class Fields:
    """Contents of a list (``keys`` is None), a dict (``keys`` in order) or an object, slot by slot."""

    items: tuple[Any, ...]
    keys: tuple[Any, ...] | None = None
    cls: type | None = None


@dataclass(frozen=True)
class DynList:
    """Contents of a list of unknown length: one IR list for each leaf of ``template`` (a Value with int leaves)."""

    lists: tuple[Var, ...]
    template: Any


@dataclass(frozen=True, eq=False)
class Choice:
    """An array is ``then`` where ``cond`` holds and else ``orelse``; None: memory that nobody else sees."""

    cond: Var
    then: Ref | None
    orelse: Ref | None

    def sources(self) -> tuple[int, ...]:
        """The storages that it may be."""
        return tuple(r.sid for r in (self.then, self.orelse) if r is not None)


Key = tuple[int, str]


@dataclass
class State:
    """All that changes along a path through the program."""

    env: dict[Key, Any] = field(default_factory=dict)
    store: dict[int, Var] = field(default_factory=dict)
    objs: dict[int, Fields | DynList] = field(default_factory=dict)
    links: dict[int, frozenset[int]] = field(default_factory=dict)
    dead: bool = False
    choices: dict[int, Choice] = field(default_factory=dict)

    def copy(self) -> State:
        return State(dict(self.env), dict(self.store), dict(self.objs), dict(self.links), self.dead, dict(self.choices))


def is_atom(value: object) -> bool:
    return isinstance(value, (Var, Const))


def atom(value: Any) -> Atom:
    assert isinstance(value, (Var, Const))
    return value
