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
            | Iter(count, get)                   a range
            | Once(number, make)                 an iterator: zip, map, a generator expression
            | Either(cond, then, orelse)         one of two static values
            | Poison(reason)                     two branches disagree: an error when it is read
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import field
from typing import Any

from ..errors import UnsupportedError
from ..ir.core import Atom, Const, Path, Var
from ..records import dataclass

__all__ = ["Blank", "Bound", "Choice", "Closure", "Derived", "DynList", "Either", "Fields", "Generator", "Inside", "Iter",
           "Kind", "Maybe", "Obj", "Once", "Partial", "Poison", "Ref", "Rows", "State", "Super", "Tup", "Twin", "Unset",
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


@dataclass(frozen=True, eq=False)
class Generator:
    """A call of a generator function, not yet run. ``number`` names it."""

    frame: Any
    node: Any
    bound: tuple[tuple[str, Any], ...]
    number: int


@dataclass(frozen=True)
class Super:
    """``super()``: attributes of ``receiver``, an instance of ``cls``, as the bases after ``after`` define them."""

    after: type
    cls: type
    receiver: Any


@dataclass(frozen=True, eq=False)
class Iter:
    """Something that can be iterated: ``count`` trips (None: no end), ``get`` gives the value of one.

    ``known``: the number of trips, where ``get`` wants constants: a copy of the body for each. ``span``: it is this range.
    ``sources``: what it reads from, which stays alive while it is iterated. ``direct``: ``get`` only reads, and may be asked
    again.
    """

    count: Any
    get: Callable[[Any], Any]
    known: int | None = None
    span: tuple[Any, Any, Any] | None = None
    backwards: bool = False
    sources: tuple[Any, ...] = ()
    direct: bool = False


@dataclass(frozen=True, eq=False)
class Once:
    """An iterator, which can be gone through once: ``make`` says how when it is. ``kind``: what Python calls it.

    ``number`` is 0 for what can be gone through again, as the views of a dict.
    """

    number: int
    kind: str
    make: Callable[[], Iter]
    sources: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Maybe:
    """None where ``none`` holds, else ``value``."""

    none: Atom
    value: Any


@dataclass(frozen=True)
class Unset(Maybe):
    """An object or a static value that is assigned on some paths only: not where ``none`` holds."""


@dataclass(frozen=True)
class Either:
    """One of two static values (strings, functions): ``then`` where ``cond`` holds."""

    cond: Atom
    then: Any
    orelse: Any


@dataclass(frozen=True)
class Poison:
    reason: str


@dataclass(frozen=True)
class Blank(Poison):
    """An array of None, kept where numbers will be: it may be bound, handed on and brought into another shape, and nothing
    else. ``shape``: None if it holds other things beside.
    """

    shape: tuple[int, ...] | None = None


Value = Var | Const | Ref | Tup | Obj | Closure | Bound | Derived | Generator | Maybe | Partial | Super | Iter \
    | Once | Either | Poison


@dataclass(frozen=True)
class Kind:
    """What else a list or dict is: a ``deque`` of at most ``maxlen`` items, a ``defaultdict``, a ``set`` (of its keys)."""

    name: str
    factory: Any = None
    maxlen: int | None = None

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def is_set(self) -> bool:
        return self.name in ("set", "frozenset")


@dataclass(frozen=True)
class Fields:
    """Contents of a list (``keys`` is None), a dict (``keys`` in order) or an object, slot by slot. ``cls``: the class of
    an object, or what kind of list or dict it is.
    """

    items: tuple[Any, ...]
    keys: tuple[Any, ...] | None = None
    cls: Any = None


@dataclass(frozen=True)
class DynList:
    """Contents of a list of unknown length: one IR list for each leaf of ``template``.

    A template is a number (of a leaf), Rows, a Tup, Maybe or Fields of templates, or a static value that all items share.
    """

    lists: tuple[Var, ...]
    template: Any


@dataclass(frozen=True)
class Rows:
    """In a template: a list of unknown length, whose items look like ``item``."""

    item: Any


@dataclass(frozen=True, eq=False)
class Inside:
    """Contents of a list, dict or object that is an item of a list of unknown length, ``owner``: what that holds at ``index``
    (more than one for an item of an item). ``template``: what it looks like, over the owner's leaves.
    """

    owner: int
    index: tuple[Atom, ...]
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


@dataclass(frozen=True, eq=False)
class Twin:
    """In the midst of a swap: a list has the container at ``index`` at ``other`` as well; ``gone`` was there before."""

    index: Atom
    other: Atom
    gone: int


Key = tuple[int, str]


@dataclass
class State:
    """All that changes along a path through the program."""

    env: dict[Key, Any] = field(default_factory=dict)
    store: dict[int, Var] = field(default_factory=dict)
    objs: dict[int, Fields | DynList | Inside] = field(default_factory=dict)
    links: dict[int, frozenset[int]] = field(default_factory=dict)
    dead: bool = False
    choices: dict[int, Choice] = field(default_factory=dict)
    taken: dict[int, int | None] = field(default_factory=dict)  # items taken of an iterator; None: that depends, or all
    twins: dict[int, Twin] = field(default_factory=dict)
    tracked: frozenset[int] = frozenset()  # lists of unknown length of which links tell whether they hold an array twice

    def copy(self) -> State:
        return State(dict(self.env), dict(self.store), dict(self.objs), dict(self.links), self.dead, dict(self.choices),
                     dict(self.taken), dict(self.twins), self.tracked)


def definite(value: Any) -> Any:
    """A value that may be None, where it is used as only the other can be: None would be an error there in Python too."""
    if isinstance(value, Poison):
        blank = isinstance(value, Blank)
        advice = "keep numbers in it, or None itself" if blank else "use two names, or make both branches agree"
        raise UnsupportedError(value.reason, advice=advice)
    return value.value if isinstance(value, Maybe) else value


def is_atom(value: object) -> bool:
    return isinstance(value, (Var, Const))


def atom(value: Any) -> Atom:
    assert isinstance(value, (Var, Const))
    return value
