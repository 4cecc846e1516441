"""Values compared, and taken apart into leaves and put together again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..ir.build import const
from ..ir.core import UNDEF, Const, Index, Path, Slice, Var, atoms_of, map_arg
from ..ir.types import Scalar
from .values import Bound, Closure, Derived, Either, Maybe, Obj, Partial, Ref, Tup, Value

__all__ = ["IS_NONE", "as_maybe", "flatten", "hint_for", "is_none", "is_none_hint", "is_number", "normal", "rebuild",
           "same_form", "same_path", "same_value", "value_is_undef"]

IS_NONE = "_is_none"


def same_value(a: Any, b: Any) -> bool:
    """Whether two values are certainly one and the same."""
    if a is b:
        return True
    if isinstance(a, Const) and isinstance(b, Const):
        return a.type == b.type and type(a.value) is type(b.value) and (
            a.value is b.value or (isinstance(a.value, (int, float, str, complex)) and repr(a.value) == repr(b.value)))
    if isinstance(a, Ref) and isinstance(b, Ref):
        return a.sid == b.sid and same_path(a.path, b.path)
    if isinstance(a, Tup) and isinstance(b, Tup):
        return a.cls is b.cls and len(a.items) == len(b.items) and all(map(same_value, a.items, b.items))
    if isinstance(a, Bound) and isinstance(b, Bound):
        return a.name == b.name and same_value(a.receiver, b.receiver)
    if isinstance(a, Closure) and isinstance(b, Closure):
        return a.node is b.node and a.frame is b.frame and all(map(same_value, a.defaults, b.defaults))
    if isinstance(a, Either) and isinstance(b, Either):
        return a.cond is b.cond and same_value(a.then, b.then) and same_value(a.orelse, b.orelse)
    if isinstance(a, Maybe) and isinstance(b, Maybe):
        return type(a) is type(b) and same_value(a.none, b.none) and same_value(a.value, b.value)
    if isinstance(a, (Derived, Partial)):
        return a == b
    return isinstance(a, Obj) and isinstance(b, Obj) and a.oid == b.oid


def same_path(a: Path, b: Path) -> bool:
    return same_form(a, b) and all(map(same_value, atoms_of(a), atoms_of(b)))


def same_form(a: Path, b: Path) -> bool:
    """Whether two paths differ in their atoms only."""
    blank = const(0)
    return map_arg(a, lambda _: blank) == map_arg(b, lambda _: blank)


def normal(ref: Ref) -> Ref:
    """The same view with slices that start at 0 where they say nothing: ``x[:k]`` and ``x[2:4]`` are of one form."""
    def item(i: Any) -> Any:
        unit = isinstance(i, Slice) and i.step is None and i.start is None and i.stop is not None
        return Slice(const(0), i.stop) if unit else i
    steps = tuple(Index(tuple(map(item, s.items))) if isinstance(s, Index) else s for s in ref.path.steps)
    return Ref(ref.sid, Path(steps))


def as_maybe(value: Value, like: Maybe) -> Maybe:
    """``value`` as one that may be None: what it would else be has the form of ``like``."""
    if isinstance(value, Maybe):
        return value
    if isinstance(value, Const) and value.value is None:
        unset = Const(UNDEF, const(0.0).type)
        blanks = (unset if is_number(leaf) or isinstance(leaf, Ref) else leaf for leaf in flatten(like.value))
        return Maybe(const(True), rebuild(like.value, blanks))
    return Maybe(const(False), value)


def is_none(value: object) -> bool:
    return isinstance(value, Const) and value.value is None


def flatten(value: Value) -> Iterator[Any]:
    """The leaves of a value: references, scalars and static objects, heap objects."""
    if isinstance(value, Tup):
        for item in value.items:
            yield from flatten(item)
    elif isinstance(value, Maybe):
        yield value.none
        yield from flatten(value.value)
    else:
        yield value


def rebuild(value: Value, leaves: Iterator[Any]) -> Value:
    """``value`` with its leaves replaced, in order."""
    if isinstance(value, Tup):
        return Tup(tuple(rebuild(i, leaves) for i in value.items), value.cls)
    if isinstance(value, Maybe):
        return type(value)(next(leaves), rebuild(value.value, leaves))
    return next(leaves)


def is_number(value: object) -> bool:
    return isinstance(value, (Var, Const)) and (isinstance(value.type, Scalar) or value_is_undef(value))


def value_is_undef(value: object) -> bool:
    return isinstance(value, Const) and value.value is UNDEF


def hint_for(name: str) -> str:
    """A variable's name after the name it is bound to: ``<stop 12>`` is called stop, a temporary value nothing."""
    if name.startswith("<"):
        word = name.strip("<>").split()[0]
        return "" if word == "value" else word
    return name if name.isidentifier() else ""


def called(name: str) -> str:
    """What a message calls a name."""
    return name if name.isidentifier() else "what the function returns" if name == "<result>" else "a value"


def is_none_hint(name: str) -> str:
    """What the condition under which a name is None is called."""
    base = hint_for(name)
    return base + IS_NONE if base else ""
