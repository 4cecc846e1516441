"""``sorted`` and ``list.sort``: by keys that are known when the function is compiled, or by numbers."""

from __future__ import annotations

import ast
import functools
import itertools
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const, Var
from ..ir.types import Array, Scalar
from . import prelude
from .context import Lowerer
from .control import select
from .dataclass_calls import compared_by
from .exprs import binary, negated, truth
from .iterators import item_at, materialised
from .objects import class_of, special
from .static_values import is_static, python_value
from .values import DynList, Fields, Iter, Kind, Obj, Ref, Tup, Value

__all__ = ["call_sorted"]


def call_sorted(cx: Lowerer, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    """A new list in order; equal items stay in theirs."""
    from .calls import apply

    key, backwards = kwargs.get("key", const(None)), kwargs.get("reverse", const(False))
    if set(kwargs) - {"key", "reverse"} or len(args) != 1:
        cx.refuse("sorted takes other arguments: iterable, key, reverse", node)
    reverse = bool(python_value(cx, backwards, node, "reverse="))
    if is_set(cx, args[0]):
        args = (Tup(tuple(cx.captured(k, "") for k in sorted(python_value(cx, args[0], node)))),)
    it = materialised(cx, args[0], node)
    no_key = isinstance(key, Const) and key.value is None

    def key_of(item: Value) -> Value:
        return item if no_key else apply(cx, key, (item,), {}, node)

    if it.known is not None:
        return known_items(cx, it, [key_of(it.get(const(k))) for k in range(it.known)], reverse, node)
    if it.count is None:
        cx.refuse("sorting an iterator without an end", node)
    itself = it.direct and isinstance(args[0], (Ref, Obj)) and it.sources == (args[0],)
    items = args[0] if itself else as_list(cx, it, node)
    keys = items if no_key else prelude.call(cx, python_library.keys_of, (it, key), node)
    order = prelude.call(cx, python_library.ordered, (columns_of(cx, keys, node), const(reverse)), node)
    return prelude.call(cx, python_library.chosen, (items, order), node)


def columns_of(cx: Lowerer, keys: Value, node: ast.AST) -> Value:
    """Keys as numbers: what they are, or the ranks of tuples."""
    contents = cx.contents(keys.oid) if isinstance(keys, Obj) else None
    if not isinstance(contents, DynList) or contents.template == 0:
        return numbers(cx, keys, node)
    if isinstance(contents.template, Fields) and isinstance(contents.template.cls, type):
        return prelude.call(cx, python_library.places_in_order, (keys,), node)
    if not isinstance(contents.template, Tup) or not all(isinstance(i, int) for i in contents.template.items):
        cx.refuse("sorting by keys that are no numbers", node, "give key=, a function that returns a number")
    rows = tuple(numbers(cx, cx.new_obj(DynList((lst,), 0)), node) for lst in contents.lists)
    return prelude.call(cx, python_library.ranks, (Tup(tuple(reversed(rows))),), node)


def is_set(cx: Lowerer, value: Value) -> bool:
    contents = cx.contents(value.oid) if isinstance(value, Obj) else None
    return (isinstance(value, Const) and isinstance(value.value, (set, frozenset))) or (
        isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.is_set)


def as_list(cx: Lowerer, it: Iter, node: ast.AST) -> Value:
    return prelude.call(cx, python_library.list_of, (it,), node)


def known_items(cx: Lowerer, it: Iter, keys: list[Value], reverse: bool, node: ast.AST) -> Value:
    """Items that are known one by one."""
    count = len(keys)
    def order_of(a: int, b: int) -> int:
        return before(cx, keys[a], keys[b], node)

    try:
        places = sorted(range(count), key=functools.cmp_to_key(order_of), reverse=reverse)
    except Undecided:
        pass
    else:
        return cx.new_list(it.get(const(k)) for k in places)
    order = prelude.call(cx, python_library.ordered, (key_array(cx, keys, node), const(reverse)), node)
    from .subscripts import read_item

    items = [cx.read(i) if isinstance(i, Ref) and not isinstance(cx.type_of(i), Array) else i
             for i in (read_item(cx, order, const(k), node) for k in range(count))]
    return cx.new_list(item_at(cx, it, i, node) for i in items)


class Undecided(Exception):
    """Which of two keys is the smaller one only the run can tell."""


def before(cx: Lowerer, a: Value, b: Value, node: ast.AST) -> int:
    """-1, 0 or 1 as ``a`` is smaller than ``b``, equal or larger, by what is known now."""
    if is_static(cx, a) and is_static(cx, b):
        x, y = python_value(cx, a, node), python_value(cx, b, node)
        try:
            return -1 if x < y else int(y < x)
        except TypeError as error:
            cx.refuse(str(error), node)
    if not isinstance(a, Tup) or not isinstance(b, Tup):
        raise Undecided
    for p, q in zip(a.items, b.items, strict=False):
        if (found := before(cx, p, q, node)) != 0:
            return found
    return (len(a.items) > len(b.items)) - (len(a.items) < len(b.items))


def has_order(cx: Lowerer, value: Value) -> bool:
    """Whether it is an instance with ``__lt__``."""
    cls = class_of(cx, value)
    return special(cx, value, "__lt__") is not None or (cls is not None and compared_by(cx, cls, "lt") is not None)


def key_array(cx: Lowerer, keys: list[Value], node: ast.AST) -> Value:
    """Numbers as an array; tuples of numbers as the ranks that they have."""
    if all(has_order(cx, k) for k in keys):
        keys = places_in_order(cx, keys, node)
    if not all(isinstance(k, Tup) for k in keys):
        if any(isinstance(k, (Tup, Obj)) or (isinstance(k, Const) and not isinstance(k.type, Scalar)) for k in keys):
            cx.refuse("sorting by keys of different kinds", node, "give key=, a function that returns a number")
        return numbers(cx, cx.emit("np.array", *cx.bind("np.array", (Tup(tuple(keys)),), {}, node)), node)
    widths = {len(k.items) for k in keys if isinstance(k, Tup)}
    if len(widths) != 1:
        cx.refuse("sorting by tuples of different lengths", node, "give key=, a function that returns a number")
    columns = zip(*(k.items for k in keys if isinstance(k, Tup)), strict=True)
    rows = tuple(key_array(cx, list(column), node) for column in columns)
    return prelude.call(cx, python_library.ranks, (Tup(tuple(reversed(rows))),), node)


def places_in_order(cx: Lowerer, keys: list[Value], node: ast.AST) -> list[Value]:
    """For each of several objects, of how many others it comes after: by ``<``, as Python sorts."""
    from .comparisons import compare

    places: list[Value] = [const(0)] * len(keys)
    for a, b in itertools.combinations(range(len(keys)), 2):
        swapped = truth(cx, compare(cx, ast.Lt(), keys[b], keys[a], node), node)
        after = a, b
        for k, counts in zip(after, (swapped, negated(cx, swapped)), strict=True):
            one = select(cx, truth(cx, counts, node), lambda: const(1), lambda: const(0), "ifexp")
            places[k] = binary(cx, ast.Add(), places[k], one, node)
    return places


def numbers(cx: Lowerer, keys: Value, node: ast.AST) -> Value:
    from .exprs import as_array

    keys = as_array(cx, keys, node)
    t = cx.type_of(keys) if isinstance(keys, (Ref, Var)) else None
    if not isinstance(t, Array) or len(t.shape) != 1:
        cx.refuse("sorting by keys that are no numbers", node, "give key=, a function that returns a number")
    return keys
