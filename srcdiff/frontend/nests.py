"""Containers in containers: values taken apart into leaves, and put together again.

A *template* says what a value looks like: a number (of a leaf), Rows (a list of unknown length), a Tup, Maybe or Fields of
templates, or a static value.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..ir.build import const
from ..ir.core import Const
from ..ir.types import Array, List, Scalar, Type
from .structure import is_number, same_value
from .values import DynList, Fields, Inside, Kind, Maybe, Obj, Poison, Ref, Rows, State, Tup, Value

if TYPE_CHECKING:
    from .context import Lowerer

__all__ = ["PARTS", "NotApart", "as_dynamic", "built", "conform", "containers_of", "counterpart", "exchanged", "form_of",
           "is_circular", "is_table", "leaves_in", "nest_of", "part", "same_template", "shifted", "taken_apart", "template_of"]


PARTS = ("<keys>", "<values>")  # the lists that a dict is whose keys only the run knows


def is_table(contents: object) -> bool:
    """Whether it is a dict whose keys only the run knows (:mod:`srcdiff.frontend.tables`)."""
    return isinstance(contents, Fields) and contents.keys == PARTS


class NotApart(Exception):
    """A value that cannot be an item of a list of unknown length, or be carried by a loop."""


# -- templates ---------------------------------------------------------------------------------------------------------


def leaves_in(template: Any) -> Iterator[int]:
    """The numbers of a template's leaves, in order."""
    if isinstance(template, int):
        yield template
    elif isinstance(template, (Tup, Fields)):
        for item in template.items:
            yield from leaves_in(item)
    elif isinstance(template, Maybe):
        yield from leaves_in(template.none)
        yield from leaves_in(template.value)
    elif isinstance(template, Rows):
        yield from leaves_in(template.item)


def shifted(template: Any, by: int) -> Any:
    """A template with other numbers."""
    if isinstance(template, int):
        return template + by
    if isinstance(template, Tup):
        return Tup(tuple(shifted(i, by) for i in template.items), template.cls)
    if isinstance(template, Fields):
        return Fields(tuple(shifted(i, by) for i in template.items), template.keys, template.cls)
    if isinstance(template, Maybe):
        return type(template)(shifted(template.none, by), shifted(template.value, by))
    return Rows(shifted(template.item, by)) if isinstance(template, Rows) else template


def nest_of(t: List) -> Any:
    """The template of the items of an IR list: numbers or arrays, or lists of them."""
    return Rows(nest_of(t.elem)) if isinstance(t.elem, List) else 0


def part(template: Any) -> Any:
    """A part of a template, numbered from 0."""
    return shifted(template, -next(leaves_in(template), 0))


def exchanged(template: Any, old: Any, new: Any) -> Any:
    """A template with ``new`` in the place of its part ``old``, numbered anew."""
    numbers = itertools.count()

    def again(t: Any, inner: bool = False) -> Any:
        if not inner and t == old:
            return again(new, True)
        if isinstance(t, int):
            return next(numbers)
        if isinstance(t, (Tup, Fields)):
            return replace(t, items=tuple(again(item, inner) for item in t.items))
        if isinstance(t, Maybe):
            return type(t)(again(t.none, inner), again(t.value, inner))
        return Rows(again(t.item, inner)) if isinstance(t, Rows) else t

    return again(template)


def counterpart(template: Any, other: Any, wanted: Any) -> Any:
    """What stands in another template where ``wanted`` stands in the first; None if it is not in there."""
    if template == wanted:
        return other
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(template, (Tup, Fields)):
        pairs = zip(template.items, other.items, strict=True)
    elif isinstance(template, Maybe):
        pairs = ((template.value, other.value),)
    elif isinstance(template, Rows):
        pairs = ((template.item, other.item),)
    return next((found for a, b in pairs if (found := counterpart(a, b, wanted)) is not None), None)


def same_template(a: Any, b: Any) -> bool:
    """Whether two templates differ in their numbers at most."""
    if isinstance(a, int) or isinstance(b, int):
        return isinstance(a, int) and isinstance(b, int)
    if type(a) is not type(b):
        return False
    if isinstance(a, (Tup, Fields)):
        alike = a.cls is b.cls and len(a.items) == len(b.items) and getattr(a, "keys", None) == getattr(b, "keys", None)
        return alike and all(map(same_template, a.items, b.items))
    if isinstance(a, Maybe):
        return same_template(a.value, b.value)
    return same_template(a.item, b.item) if isinstance(a, Rows) else same_value(a, b)


# -- apart and together ------------------------------------------------------------------------------------------------


def is_circular(cx: Lowerer, value: Value, around: frozenset[int] = frozenset(), done: set[int] | None = None) -> bool:
    """Whether there is an object in a value that leads back to itself."""
    done = set() if done is None else done
    if isinstance(value, Maybe):
        return is_circular(cx, value.value, around, done)
    if isinstance(value, Obj):
        if value.oid in around or value.oid in done:
            return value.oid in around
        around |= {value.oid}
        done.add(value.oid)
        value = cx.contents(value.oid)  # type: ignore[assignment]
    return isinstance(value, (Tup, Fields)) and any(is_circular(cx, item, around, done) for item in value.items)


def taken_apart(cx: Lowerer, value: Value, rows: bool = True) -> tuple[Any, list[Any]]:
    """The template of a value and its leaves: numbers, arrays, and the IR lists of lists.

    ``rows``: lists whose items are alike become lists of unknown length, also where the length is known.
    """
    if is_circular(cx, value):
        raise NotApart("an object that leads back to itself")
    leaves: list[Any] = []
    return _apart(cx, value, rows, leaves), leaves


def _apart(cx: Lowerer, value: Value, rows: bool, leaves: list[Any]) -> Any:
    if is_number(value) or isinstance(value, Ref):
        leaves.append(value)
        return len(leaves) - 1
    if isinstance(value, Tup):
        return Tup(tuple(_apart(cx, item, rows, leaves) for item in value.items), value.cls)
    if isinstance(value, Maybe):
        return type(value)(_apart(cx, value.none, rows, leaves), _apart(cx, value.value, rows, leaves))
    if isinstance(value, Obj):
        return form_of(cx, cx.contents(value.oid), rows, leaves)
    if isinstance(value, Const):
        return value
    raise NotApart(value.reason if isinstance(value, Poison) else cx.describe(value))


def form_of(cx: Lowerer, found: Fields | DynList, rows: bool, leaves: list[Any]) -> Any:
    if isinstance(found, Fields) and found.keys is None and found.cls is None and rows:
        found = as_dynamic(cx, found) or found
    if isinstance(found, DynList):
        leaves.extend(found.lists)
        return Rows(shifted(found.template, len(leaves) - len(found.lists)))
    if isinstance(found.cls, Kind) or any(isinstance(item, Poison) for item in found.items):
        raise NotApart(found.cls.name if isinstance(found.cls, Kind) else "container")
    return Fields(tuple(_apart(cx, item, rows, leaves) for item in found.items), found.keys, found.cls)


def as_dynamic(cx: Lowerer, found: Fields, mixed: bool = False) -> DynList | None:
    """A list whose items are known as one of unknown length; None if the items are not alike.

    ``mixed``: integers among floats become floats.
    """
    try:
        taken = [taken_apart(cx, item) for item in found.items]
    except NotApart:
        return None
    if not taken:
        return DynList((cx.var("list", ()),), 0)
    template = taken[0][0]
    for other, leaves in taken[1:]:
        if conform(cx, other, leaves, template) is None:
            template = other
    rows = [conform(cx, other, leaves, template) for other, leaves in taken]
    if not list(leaves_in(template)) or any(row is None for row in rows):
        return None
    columns = list(zip(*rows, strict=True))
    if not all(_alike(cx.type_of(column[0]), cx.type_of(leaf), mixed) for column in columns for leaf in column):
        return None
    return DynList(tuple(cx.var("list", tuple(cx.read(leaf) for leaf in column)) for column in columns), template)


def _alike(a: Type | None, b: Type | None, mixed: bool = False) -> bool:
    """Whether items of two types may be in one list without one of them becoming something else."""
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return mixed or a.dtype == b.dtype
    if isinstance(a, Array) and isinstance(b, Array):
        return a.dtype == b.dtype and len(a.shape) == len(b.shape)
    return isinstance(a, List) and isinstance(b, List) and (a.elem is None or b.elem is None or _alike(a.elem, b.elem))


def conform(cx: Lowerer, template: Any, leaves: list[Any], like: Any, inner: bool = False) -> list[Any] | None:
    """The leaves of a value in the form of the template ``like``; None if it has another.

    A list without items, of which nothing is known, has every form. ``inner``: the leaves are lists.
    """
    if inner and isinstance(template, int) and not isinstance(like, int) and _is_unknown(leaves[template].type):
        others = list(leaves_in(like))[1:]
        empty = leaves[template].type.elem is None
        return [leaves[template], *(cx.var("list", ()) if empty else cx.var("copylist", leaves[template]) for _ in others)]
    if isinstance(like, Maybe) and not isinstance(template, Maybe) and not inner:
        given = conform(cx, template, leaves, like.value)
        return None if given is None else [const(False), *given]
    if isinstance(template, int):
        return [leaves[template]] if isinstance(like, int) else None
    if isinstance(template, Rows) and isinstance(like, Rows):
        return conform(cx, template.item, leaves, like.item, True)
    if isinstance(template, (Tup, Fields)) and type(template) is type(like):
        if template.cls is not like.cls or len(template.items) != len(like.items) or \
                getattr(template, "keys", None) != getattr(like, "keys", None):
            return None
        parts = [conform(cx, a, leaves, b, inner) for a, b in zip(template.items, like.items, strict=True)]
    elif isinstance(template, Maybe) and isinstance(like, Maybe):
        parts = [conform(cx, a, leaves, b, inner) for a, b in ((template.none, like.none), (template.value, like.value))]
    else:
        return [] if not isinstance(like, (int, Tup, Fields, Maybe, Rows)) and same_value(template, like) else None
    return None if any(p is None for p in parts) else [leaf for p in parts for leaf in p or ()]


def _is_unknown(t: Type | None) -> bool:
    while isinstance(t, List):
        t = t.elem
    return t is None


def built(cx: Lowerer, template: Any, leaves: list[Any], like: Value | None = None) -> Value:
    """The value of a template and its leaves. ``like``: a value of the same form whose containers it takes."""
    if isinstance(template, int):
        return leaves[template]
    if isinstance(template, Tup):
        old = like.items if isinstance(like, Tup) else (None,) * len(template.items)
        return Tup(tuple(built(cx, t, leaves, o) for t, o in zip(template.items, old, strict=True)), template.cls)
    if isinstance(template, Maybe):
        none, value = (like.none, like.value) if isinstance(like, Maybe) else (None, None)
        return type(template)(built(cx, template.none, leaves, none), built(cx, template.value, leaves, value))  # type: ignore[arg-type]
    if not isinstance(template, (Rows, Fields)):
        return template
    oid = like.oid if isinstance(like, Obj) else next(cx.ids)
    if isinstance(template, Rows):
        cx.state.objs[oid] = DynList(tuple(leaves[n] for n in leaves_in(template.item)), part(template.item))
        return Obj(oid)
    before = cx.state.objs.get(oid) if isinstance(like, Obj) else None
    old = before.items if isinstance(before, Fields) else (None,) * len(template.items)
    made = tuple(built(cx, t, leaves, o) for t, o in zip(template.items, old, strict=True))
    cx.state.objs[oid] = Fields(made, template.keys, template.cls)
    return Obj(oid)


def template_of(cx: Lowerer, found: Fields | DynList | Inside) -> Any:
    """What an item of a list looks like; None for an empty list, or one whose items are not alike."""
    if isinstance(found, Inside):
        return part(found.template.item) if isinstance(found.template, Rows) else None
    if isinstance(found, DynList):
        return found.template
    with cx.builder.block():  # what is emitted is not wanted
        dynamic = as_dynamic(cx, found) if found.items else None
    return None if dynamic is None else dynamic.template


def containers_of(state: State, value: Value) -> list[int]:
    """The containers in a value, from the outside in; those inside a list of unknown length are part of it."""
    if isinstance(value, Tup):
        return [oid for item in value.items for oid in containers_of(state, item)]
    if isinstance(value, Maybe):
        return containers_of(state, value.value)
    if not isinstance(value, Obj):
        return []
    found = state.objs.get(value.oid)
    parts = found.items if isinstance(found, Fields) else ()
    return [value.oid, *(oid for item in parts for oid in containers_of(state, item))]
