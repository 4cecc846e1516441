"""Methods and operators of lists, dicts, sets, deques and tuples."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from ..composed import python_library
from ..ir.build import const
from ..ir.core import Const, Slice, Var
from ..ir.types import Scalar
from . import prelude
from .aliases import EmptyHere, connect
from .comparisons import same_object
from .context import AliasError, Lowerer
from .dicts import dict_method, dict_operator, set_method, set_operator
from .inside import append_to, pop_from
from .iteration import items_of, iterator
from .nests import NotApart
from .outside import note
from .sharing import items
from .static_values import is_static, is_text, python_value, unroll_for
from .structure import flatten, is_none, is_number
from .subclassed import plain
from .values import DynList, Fields, Kind, Maybe, Obj, Ref, Tup, Value

__all__ = ["append", "delete_item", "is_kind", "list_method", "method", "sequence_operator", "slice_list", "static_slice",
           "tuple_method", "write_slice"]


def is_kind(contents: Fields | DynList, name: str) -> bool:
    return isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.name == name


def method(cx: Lowerer, base: Obj, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and isinstance(contents.cls, Kind) and contents.cls.is_set:
        return set_method(cx, base, contents, name, args, node)
    if isinstance(contents, Fields) and contents.keys is not None:
        return dict_method(cx, base, contents, name, args, kwargs, node)
    return list_method(cx, base, name, list(args), node, kwargs)


# -- lists -------------------------------------------------------------------------------------------------------------


def list_method(cx: Lowerer, base: Obj, name: str, args: list[Any], node: ast.AST,
                kwargs: dict[str, Any] | None = None) -> Value:
    contents = cx.contents(base.oid)
    handler = (LIST | DEQUE if is_kind(contents, "deque") or isinstance(contents, DynList) else LIST).get(name)
    if handler is None:
        cx.refuse(f"the list method {name} is not supported", node, f"supported: {', '.join(LIST)}")
    if name not in ("copy", "index", "count"):
        cx.check_owned(base.oid, node, noted=name in ("append", "extend", "insert", "clear", "reverse"))
        note(cx, base, name, const(None), tuple(args), node)
        if base.oid in cx.iterated:
            cx.refuse("a list that changes while it is iterated", node, "iterate over a copy: for v in list(items)")
    if name == "sort" and not args:
        return sort(cx, base, kwargs or {}, node)
    if kwargs:
        cx.refuse(f"{name} with keywords", node)
    return handler(cx, base, args, node)


def replace_items(cx: Lowerer, base: Obj, items: tuple[Value, ...]) -> None:
    """A list whose items are known gets others."""
    contents = cx.contents(base.oid)
    kind = contents.cls if isinstance(contents, Fields) else None
    if isinstance(kind, Kind) and kind.maxlen is not None and len(items) > kind.maxlen:
        items = items[len(items) - kind.maxlen:]
    cx.put(base.oid, Fields(items, None, kind))


def take_over(cx: Lowerer, base: Obj, other: Value) -> None:
    """A list becomes what a new one, which nobody else sees, is."""
    assert isinstance(other, Obj)
    for number in cx.state.links.get(other.oid, ()):
        cx.link(number, base.oid)
    for number in cx.state.links.get(items(other.oid), ()):
        connect(cx.state.links, number, items(base.oid))
    cx.put(base.oid, cx.contents(other.oid))


def append(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields):
        replace_items(cx, base, (*contents.items, args[0]))
        return const(None)
    if base.oid in cx.bounds:
        most = cx.bounds.pop(base.oid)
        prelude.call(cx, python_library.append_bounded, (base, args[0], const(most)), node)
        cx.bounds[base.oid] = most
        return const(None)
    for leaf in flatten(args[0]):
        if is_text(leaf):
            unroll_for(cx, leaf)
    held = cx.contents(args[0].oid) if cx.fallbacks and isinstance(args[0], Obj) else None
    if (isinstance(args[0], Const) and not is_number(args[0])) or (isinstance(held, Fields) and isinstance(held.cls, type)):
        raise cannot_hold(cx, args[0], node)
    try:
        append_to(cx, base.oid, args[0], node)
    except NotApart as what:
        raise cannot_hold(cx, args[0], node) from what
    return const(None)


def cannot_hold(cx: Lowerer, value: Value, node: ast.AST) -> AliasError:
    what = f"appending a {cx.describe(value)} to a list in a loop"
    return AliasError(what, cx.loc(node), "use an array, or one list for each")


def extend(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    it = iterator(cx, args[0], node)
    if it.known is None:
        prelude.call(cx, python_library.extend_list, (base, it), node)
        return const(None)
    for item in [it.get(const(k)) for k in range(it.known)]:
        append(cx, base, [item], node)
    return const(None)


def pop(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields):
        k = cx.static_int(args[0], node) if args else -1
        if not contents.items and cx.rolled:
            raise EmptyHere(EMPTY, cx.loc(node), "test that there are items")
        if not -len(contents.items) <= k < len(contents.items):
            cx.fails(IndexError, "pop from an empty list, or out of range", node)
        k %= len(contents.items)
        replace_items(cx, base, contents.items[:k] + contents.items[k + 1:])
        return contents.items[k]
    if args and not (isinstance(args[0], Const) and args[0].value == -1):
        from .subscripts import read_item

        item = read_item(cx, base, args[0], node)
        take_over(cx, base, prelude.call(cx, python_library.without, (base, args[0]), node))
        return item
    if any(getattr(lst.type, "elem", None) is None for lst in contents.lists):
        raise EmptyHere(EMPTY, cx.loc(node), "test that there are items")
    return pop_from(cx, base.oid)


EMPTY = "pop from a list that is empty here"


def insert(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, DynList) and any(getattr(lst.type, "elem", None) is None for lst in contents.lists):
        return append(cx, base, args[1:], node)  # empty in the first round over a loop
    if not isinstance(contents, Fields):
        take_over(cx, base, prelude.call(cx, python_library.inserted, (base, *args), node))
        return const(None)
    items = list(contents.items)
    items.insert(cx.static_int(args[0], node), args[1])
    replace_items(cx, base, tuple(items))
    return const(None)


def remove(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    pop(cx, base, [place_of(cx, base, args[0], node)], node)
    return const(None)


def place_of(cx: Lowerer, base: Obj | Tup, wanted: Value, node: ast.AST, bounds: Sequence[Value] = ()) -> Value:
    """The position of the first item that equals a value; ``bounds``: from where on, and up to where, it is looked for."""
    found = equal_places(cx, base, wanted, node)
    if found is None:
        if bounds:
            return prelude.call(cx, python_library.place_between, (base, wanted, *bounds, const(None))[:4], node)
        return prelude.call(cx, python_library.place_of, (base, wanted), node)
    if bounds:
        length = len((base if isinstance(base, Tup) else cx.contents(base.oid)).items)  # type: ignore[union-attr]
        start, *stop = (cx.static_int(b, node, "a bound of index") for b in bounds)
        found = [k for k in found if k in range(length)[start:stop[0] if stop else None]]
    return const(found[0]) if found else cx.fails(ValueError, "an item that is not in this list", node)


def count_of(cx: Lowerer, base: Obj | Tup, wanted: Value, node: ast.AST) -> Value:
    found = equal_places(cx, base, wanted, node)
    return prelude.call(cx, python_library.count_of, (base, wanted), node) if found is None else const(len(found))


def equal_places(cx: Lowerer, base: Obj | Tup, wanted: Value, node: ast.AST) -> list[int] | None:
    """The positions of the items that equal a value; None if only the run can tell."""
    contents = base if isinstance(base, Tup) else cx.contents(base.oid)
    if isinstance(contents, DynList):
        return None
    found = []
    for k, item in enumerate(contents.items):
        if not (same_object(item, wanted) or (is_static(cx, item) and is_static(cx, wanted))):
            return None
        if same_object(item, wanted) or python_value(cx, item, node) == python_value(cx, wanted, node):
            found.append(k)
    return found


def clear(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    replace_items(cx, base, ())
    return const(None)


def reverse(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields):
        replace_items(cx, base, tuple(reversed(contents.items)))
    else:
        take_over(cx, base, prelude.call(cx, python_library.reversed_list, (base,), node))
    return const(None)


def sort(cx: Lowerer, base: Obj, kwargs: dict[str, Any], node: ast.AST) -> Value:
    from .sorting import call_sorted

    take_over(cx, base, call_sorted(cx, (base,), kwargs, node))
    return const(None)


def copy(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and contents.cls is not None:
        return cx.new_obj(contents)
    return slice_list(cx, base, Slice(), node)


def append_left(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, DynList):
        if base.oid not in cx.bounds:
            return insert(cx, base, [const(0), *args], node)
        most = cx.bounds.pop(base.oid)
        prelude.call(cx, python_library.append_left_bounded, (base, args[0], const(most)), node)
        cx.bounds[base.oid] = most
        return const(None)
    limit = contents.cls.maxlen
    cx.put(base.oid, Fields((args[0], *contents.items)[:limit], None, contents.cls))
    return const(None)


def extend_left(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    for item in items_of(cx, args[0], node):
        append_left(cx, base, [item], node)
    return const(None)


def pop_left(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    return pop(cx, base, [const(0)], node)


def rotate(cx: Lowerer, base: Obj, args: list[Any], node: ast.AST) -> Value:
    contents = cx.contents(base.oid)
    if isinstance(contents, DynList):
        cx.refuse("rotating a deque of unknown length", node, "pop from one end, and append to the other")
    n = len(contents.items)
    k = (cx.static_int(args[0], node) if args else 1) % n if n else 0
    replace_items(cx, base, contents.items[n - k:] + contents.items[:n - k])
    return const(None)


Handler = Callable[[Lowerer, Obj, list[Any], ast.AST], Value]
LIST: dict[str, Handler] = {
    "append": append, "extend": extend, "pop": pop, "insert": insert, "remove": remove, "clear": clear, "reverse": reverse,
    "copy": copy, "sort": lambda cx, base, args, node: sort(cx, base, {}, node),
    "index": lambda cx, base, args, node: place_of(cx, base, args[0], node, args[1:]),
    "count": lambda cx, base, args, node: count_of(cx, base, args[0], node),
}
DEQUE: dict[str, Handler] = {"appendleft": append_left, "popleft": pop_left, "extendleft": extend_left, "rotate": rotate}


def slice_list(cx: Lowerer, base: Obj, index: Slice, node: ast.AST) -> Value:
    """A new list with some of the items."""
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields):
        return cx.new_list(contents.items)
    bounds = tuple(const(None) if p is None else p for p in (index.start, index.stop, index.step))
    whole = all(isinstance(b, Const) and b.value is None for b in bounds[:2])
    if whole and isinstance(bounds[2], Const) and bounds[2].value == -1:
        return prelude.call(cx, python_library.reversed_list, (base,), node)
    if isinstance(bounds[2], Const) and (bounds[2].value is None or bounds[2].value > 0):
        step = const(1) if bounds[2].value is None else bounds[2]
        return prelude.call(cx, python_library.slice_list, (base, *bounds[:2], step), node)
    return cx.refuse("a slice with a negative step of a list of unknown length", node, "iterate over reversed(the list)")


def static_slice(cx: Lowerer, index: Slice, node: ast.AST) -> slice:
    parts = (index.start, index.stop, index.step)
    return slice(*(None if p is None else cx.static_int(p, node, "a slice bound of a list") for p in parts))


def write_slice(cx: Lowerer, base: Obj, index: Slice, value: Value, node: ast.AST) -> None:
    """``items[a:b] = value``."""
    contents = cx.contents(base.oid)
    whole = index.start is None and index.stop is None and index.step is None
    it = iterator(cx, value, node)
    if whole and (it.known is None or isinstance(contents, DynList)):
        take_over(cx, base, prelude.call(cx, python_library.list_of, (it,), node))
        return
    if isinstance(contents, DynList):
        if index.step is not None and not (isinstance(index.step, Const) and index.step.value in (None, 1)):
            cx.refuse("assigning to a slice with a step of a list of unknown length", node, "build a new list")
        bounds = tuple(const(None) if p is None else p for p in (index.start, index.stop))
        take_over(cx, base, prelude.call(cx, python_library.replaced, (base, *bounds, it), node))
        return
    items = list(contents.items)
    given = items_of(cx, it, node)
    try:
        items[static_slice(cx, index, node)] = given
    except ValueError as error:
        cx.refuse(str(error), node)
    replace_items(cx, base, tuple(items))


def delete_item(cx: Lowerer, base: Value, index: Any, node: ast.AST) -> None:
    """``del base[index]``."""
    if not isinstance(base, Obj):
        cx.refuse(f"deleting an item of a {cx.describe(base)}", node)
    cx.check_owned(base.oid, node)
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and contents.keys is not None:
        method(cx, base, "pop", (index,), {}, node)
    elif isinstance(index, Slice):
        write_slice(cx, base, index, Tup(()), node)
    else:
        list_method(cx, base, "pop", [index], node)


# -- tuples ------------------------------------------------------------------------------------------------------------


def tuple_method(cx: Lowerer, base: Tup, name: str, args: tuple[Any, ...], node: ast.AST) -> Value:
    if name == "index":
        return place_of(cx, base, args[0], node, args[1:])
    if name == "count":
        return count_of(cx, base, args[0], node)
    return cx.refuse(f"the tuple method {name} is not supported", node)


# -- operators ---------------------------------------------------------------------------------------------------------


def sequence_operator(cx: Lowerer, op: ast.operator, a: Value, b: Value, node: ast.AST) -> Value | None:
    """Operators of tuples, lists, dicts and sets; None where NumPy takes over (an array is involved)."""
    if isinstance(a, Ref) or isinstance(b, Ref):
        return None
    a, b = plain(cx, a), plain(cx, b)
    for operate in (dict_operator, set_operator):
        if (found := operate(cx, op, a, b, node)) is not None:
            return found
    if isinstance(op, ast.Add) and isinstance(a, Tup) and isinstance(b, Tup):
        return Tup(a.items + b.items)
    if isinstance(op, ast.Add) and isinstance(a, Obj) and isinstance(b, Obj):
        x, y = (cx.contents(o.oid) for o in (a, b))
        if isinstance(x, Fields) and isinstance(y, Fields) and x.keys is None and y.keys is None:
            return cx.new_obj(Fields(x.items + y.items, None, x.cls))
        return prelude.call(cx, python_library.add_lists, (a, b), node)
    if isinstance(op, ast.Mult):
        return repeated(cx, a, b, node) if isinstance(a, (Tup, Obj)) else repeated(cx, b, a, node)
    if isinstance(op, (ast.Add, ast.Sub, ast.Div, ast.Pow)) and any(may_be_numpy(v) for v in (a, b)):
        return None
    return cx.refuse("this operator on lists or tuples", node, "make arrays of them: np.array(...)")


def may_be_numpy(value: Value) -> bool:
    """Whether it is a NumPy scalar: then a list beside it becomes an array."""
    return isinstance(value, (Var, Const)) and isinstance(value.type, Scalar) and not value.type.py


def repeated(cx: Lowerer, sequence: Value, times: Value, node: ast.AST) -> Value | None:
    if not (isinstance(times, (Var, Const)) and isinstance(times.type, Scalar) and times.type.dtype in ("int64", "bool")):
        return None if may_be_numpy(times) else cx.refuse("a list or tuple times something that is not an integer", node)
    if isinstance(times, Var) and isinstance(sequence, Obj):
        contents = cx.contents(sequence.oid)
        if isinstance(contents, Fields) and len(contents.items) == 1 and is_none(contents.items[0]):
            flags = prelude.call(cx, python_library.repeat_item, (const(True), times), node)
            assert isinstance(flags, Obj)
            found = cx.contents(flags.oid)
            assert isinstance(found, DynList)
            return cx.new_obj(DynList((*found.lists, cx.var("blanks", cx.read(times))), Maybe(0, 1)))  # type: ignore[arg-type]
        if isinstance(contents, Fields) and len(contents.items) == 1 and not isinstance(contents.items[0], (Tup, Obj)):
            return prelude.call(cx, python_library.repeat_item, (contents.items[0], times), node)
    count = cx.static_int(times, node, "the number of repetitions")
    items = items_of(cx, sequence, node) * count
    return Tup(items) if isinstance(sequence, Tup) else cx.new_list(items)
