"""``x[...]`` on arrays, tuples, lists and dicts: reads, locations to write to, writes."""

from __future__ import annotations

import ast
import operator
import os
import re
from typing import Any

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Atom, Const, Index, Path, Slice, Var
from ..ir.structural import _axes_used, axes_of, least_length, sym_of
from ..ir.types import Array, Object, Scalar
from . import tables
from .aliases import EmptyHere
from .choices import do_either, for_either, one_of, sure
from .classes import is_user_class
from .context import AliasError, Lowerer
from .enumerations import chosen_member, is_enumeration
from .exprs import arithmetic, expression, static_key
from .inside import item_of, write_to
from .join import to_dynamic
from .namespaces import as_dict, is_namespace, write_to_namespace
from .nests import NotApart, is_table
from .operators import call_special
from .outside import note
from .static_values import environment, evaluated
from .structure import flatten, is_number, rebuild
from .taken_out import is_choosable
from .values import Bound, DynList, Either, Fields, Iter, Obj, Ref, Tup, Value

__all__ = ["assign_item", "read_item", "subscript_ref", "write_item"]


MOST_CHOICES = 32  # of a longer list an object is not chosen at run time


def read_item(cx: Lowerer, base: Value, index: Any, node: ast.AST) -> Value:
    """``base[index]``."""
    if isinstance(index, Either):
        return for_either(cx, index, lambda chosen: read_item(cx, base, chosen, node))
    if isinstance(base, Either):
        return for_either(cx, base, lambda chosen: read_item(cx, chosen, index, node))
    base = as_dict(cx, base)
    if isinstance(base, Ref):
        return cx.step(base, Index(index_items(cx, base, index, node)))
    if isinstance(base, Tup):
        own = call_special(cx, base, "getitem", (index,), node)
        return pick(cx, base.items, index, node, make=Tup) if own is None else own
    if isinstance(base, Obj):
        return item_of_object(cx, base, index, node)
    if isinstance(base, Iter) and base.span is not None and isinstance(index, Slice):
        return part_of_range(cx, base, index, node)
    if isinstance(base, Iter) and isinstance(index, Const):
        count = cx.static_int(base.count, node, "the length of this range") if index.value < 0 else 0
        return base.get(const(count + index.value))
    found = item_from_outside(cx, base, index, node) if isinstance(base, Const) else None
    return cx.refuse(f"a {cx.describe(base)} cannot be indexed", node) if found is None else found


def item_of_object(cx: Lowerer, base: Obj, index: Any, node: ast.AST) -> Value:
    """An item of a list or dict, or what ``__getitem__`` of an instance returns."""
    from .dicts import missing_item

    contents = cx.contents(base.oid)
    if isinstance(contents, DynList):
        return dynamic_item(cx, base, contents, index, node)
    if (result := call_special(cx, base, "getitem", (index,), node)) is not None:
        return result
    if contents.keys is None:
        return pick(cx, contents.items, index, node, make=cx.new_list)
    if tables.is_table(contents) or tables.run_time_key(cx, index):
        return tables.read(cx, base, index, node)
    key = static_key(cx, index, node)
    if key in contents.keys:
        return contents.items[contents.keys.index(key)]
    made = missing_item(cx, base, contents, key, node)
    return cx.fails(KeyError, f"the dict has no key {key!r}", node, args=(const(key),)) if made is None else made


def item_from_outside(cx: Lowerer, base: Const, index: Any, node: ast.AST) -> Value | None:
    """An item of an object that the function finds outside of itself; None where it has none."""
    from .containers import static_slice
    from .index_objects import made_by

    if is_enumeration(base):
        return chosen_member(cx, base, index, True, node)
    if is_user_class(base.value) and hasattr(base.value, "__class_getitem__"):
        return base  # Box[float], of a generic class
    if (result := call_special(cx, base, "getitem", (index,), node)) is not None:
        return result
    if (made := made_by(cx, base.value, index, node)) is not None:
        return made
    if isinstance(index, Slice) and isinstance(base.value, (str, bytes, range)):
        return const(base.value[static_slice(cx, index, node)])
    if not isinstance(index, (Const, Tup)):
        return None
    if base.value is os.environ:
        return environment_item(cx, index, node)
    if isinstance(base.value, re.Match):
        return evaluated(cx, operator.getitem, (base, index), {}, node)
    return captured_item(cx, base, index, node)


def captured_item(cx: Lowerer, base: Const, index: Value, node: ast.AST) -> Value:
    """An item of a text, range or large container, at a place that is known."""
    if not isinstance(base.value, (str, bytes, tuple, range, list, dict)):
        array = type(base.value) is np.ndarray
        kind = f"an array of dtype {base.value.dtype}" if array else f"a {type(base.value).__name__}"
        cx.refuse(f"an item of {base.name or 'an object'}, {kind}", node, "read it outside of the function")
    try:
        key = static_key(cx, index, node)
        if isinstance(base.value, (list, dict)):  # it may change in place
            cx.facts.capture(base.value, key, base.value[key])
        return cx.captured(base.value[key], f"{base.name}[{index!r}]")
    except (TypeError, KeyError, IndexError) as error:
        return cx.refuse(str(error), node)


def environment_item(cx: Lowerer, index: Value, node: ast.AST) -> Value:
    """``os.environ[name]``."""
    name = static_key(cx, index, node)
    value = environment(cx, name)
    if value is None:
        cx.fails(KeyError, repr(name), node, args=(const(name),))
    return const(value)


# -- arrays ------------------------------------------------------------------------------------------------------------


def subscript_ref(cx: Lowerer, base: Ref, node: ast.Subscript) -> Ref:
    """The location ``base[index]``, to be written to."""
    items = index_items(cx, base, expression(cx, node.slice), node)
    return Ref(base.sid, Path((*base.path.steps, Index(items))))


def index_items(cx: Lowerer, base: Ref, index: Any, node: ast.AST) -> tuple[Any, ...]:
    """The items of an index as the IR has them."""
    values = index.items if isinstance(index, Tup) else (index,)
    items = tuple(index_item(cx, v, node) for v in values)
    cx.strengthen(base)
    t = cx.type_of(base)
    if not isinstance(t, Array):
        cx.refuse("indexing a scalar", node)
    if items and isinstance(items[0], Var) and t.shape:
        place = sym_of(items[0])
        gap = None if place is None else dims.sub(place, t.shape[0])
        if isinstance(gap, int) and gap >= 0:
            cx.fails(IndexError, "an index that is as large as the array, or larger", node)
    used = sum(_axes_used(i) for i in items if i is not None and i is not Ellipsis)
    if used > len(t.shape):
        cx.refuse(f"too many indices for an array of {len(t.shape)} dimensions", node)
    places = {item: constants(cx, value) for item, value in zip(items, values, strict=True)}
    for item, length in axes_of(items, t.shape):
        for place in places.get(item, ()):
            check_place(cx, place, length, node)
    return items


def constants(cx: Lowerer, index: Any) -> tuple[int, ...]:
    """A constant index, or the constants in a list of them."""
    contents = cx.contents(index.oid) if isinstance(index, Obj) else None
    parts = contents.items if isinstance(contents, Fields) and contents.keys is None else (index,)
    values = (p.value for p in parts if isinstance(p, Const))
    return tuple(int(v) for v in values if isinstance(v, (int, np.integer)) and not isinstance(v, bool))


def check_place(cx: Lowerer, index: int, length: dims.DimLike, node: ast.AST) -> None:
    """A constant index: where it is out of bounds at this call the program raises here, unless a loop has no trip."""
    least, known = least_length(index), dims.hint_of(length)
    if known is None or (isinstance(length, dims.Dim) and length.assumed):
        return
    if known >= least:
        if isinstance(length, dims.Dim):
            cx.facts.need(length, least)
            if any(t.handler_of(IndexError) is not None for t in cx.tries):
                cx.facts.assume(f"{length} >= {least}")
    elif not any(f.loops for f in cx.frames):
        if isinstance(length, dims.Dim):
            cx.facts.assume(f"{length} < {least}")
        cx.fails(IndexError, f"index {index} is out of bounds for an axis of length {known}", node)


def index_item(cx: Lowerer, value: Any, node: ast.AST) -> Any:
    if isinstance(value, Slice):
        return value
    if isinstance(value, Const):
        if value.value is None or value.value is Ellipsis:
            return value.value
        if isinstance(value.value, slice):
            return Slice(*(None if p is None else const(p) for p in (value.value.start, value.value.stop, value.value.step)))
        if isinstance(value.value, (int, np.integer)) and not isinstance(value.value, bool):
            return const(int(value.value))
        advice = "indices are integers, slices, None, ... or arrays of integers or bools"
        cx.refuse(f"an index that is a {cx.describe(value)}", node, advice)
    if isinstance(value, Var) and isinstance(value.type, Scalar):
        if np.dtype(value.type.dtype).kind not in "iu":
            cx.refuse(f"an index of type {value.type}", node, "convert it: int(i)")
        return value
    if isinstance(value, Ref):
        return array_index(cx, value, node)
    if isinstance(value, Obj) and (made := call_special(cx, value, "index", (), node)) is not None:
        return index_item(cx, made, node)
    if isinstance(value, (Obj, Tup)):
        return array_index(cx, cx.emit("np.array", *cx.bind("np.array", (value,), {}, node)), node)
    return cx.refuse(f"an index that is a {cx.describe(value)}", node)


def array_index(cx: Lowerer, value: Any, node: ast.AST) -> Atom:
    t = cx.type_of(value)
    if not isinstance(t, Array) or np.dtype(t.dtype).kind not in "iub":
        cx.refuse(f"an index array of type {t}", node, "index arrays hold integers or bools")
    var = cx.read(value)
    if len(t.shape) == 0:
        return cx.var("as_scalar", var, Const(Scalar(t.dtype), Object("type")))
    return var


# -- sequences whose items are known -----------------------------------------------------------------------------------


def pick(cx: Lowerer, items: tuple[Value, ...], index: Any, node: ast.AST, make: Any) -> Value:
    if isinstance(index, Slice):
        bounds = [None if p is None else cx.static_int(p, node, "a slice bound of a tuple or list")
                  for p in (index.start, index.stop, index.step)]
        return make(items[slice(*bounds)])
    if isinstance(index, Const) and isinstance(index.value, (int, np.integer)):
        if not -len(items) <= index.value < len(items):
            cx.fails(IndexError, f"index {index.value} is out of range for {len(items)} items", node)
        return items[int(index.value)]
    if not (isinstance(index, Var) and isinstance(index.type, Scalar) and np.dtype(index.type.dtype).kind in "iu"):
        cx.refuse(f"an index that is a {cx.describe(index)}", node)
    if any(t.handler_of(IndexError) is not None for t in cx.tries) and isinstance(index.sym, dims.Dim):
        cx.need_unroll(index.sym)  # which trips are out of range decides where control goes
    return run_time_pick(cx, items, index, node)


def run_time_pick(cx: Lowerer, items: tuple[Value, ...], index: Var, node: ast.AST) -> Value:
    """An item chosen at run time: from a list of them if they are alike, else the loop of the index is unrolled."""
    sym = sym_of(index)
    if not all(is_number(i) for i in items):
        if isinstance(sym, dims.Dim):
            cx.need_unroll(sym)
        widths = {len(list(flatten(i))) for i in items}
        if not items or len(widths) != 1 or not all(isinstance(v, Ref) or is_number(v) for i in items for v in flatten(i)):
            return one_of(cx, items, index, node) if choosable(items) else \
                items[cx.static_int(index, node, "the index of a tuple or list whose items differ in type")]
    if not items:
        raise EmptyHere("an item of a list that is empty here", cx.loc(node), "start from a list with items, or use an array")
    columns = zip(*(list(flatten(i)) for i in items), strict=True)
    leaves = []
    for column in columns:
        chosen = cx.wrap(cx.var("getitem", cx.var("list", tuple(cx.read(v) for v in column)), index))
        for source in column:
            if isinstance(source, Ref) and isinstance(chosen, Ref):
                cx.link(chosen.sid, source.sid)
        leaves.append(chosen)
    return rebuild(items[0], iter(leaves))


def choosable(items: tuple[Value, ...]) -> bool:
    """Whether a branch for each item is what is meant: for a few objects or functions."""
    leaves = [v for i in items for v in flatten(i)]
    return 0 < len(items) <= MOST_CHOICES and all(isinstance(v, (Ref, Var)) or is_choosable(v) for v in leaves)


# -- lists of unknown length -------------------------------------------------------------------------------------------


def part_of_range(cx: Lowerer, base: Iter, index: Slice, node: ast.AST) -> Value:
    """``range(n)[::-1]``, ``range(n)[1:]``: another range."""
    from .builtin_calls import call_range

    bounds = (index.start, index.stop, index.step)
    if base.span is None or any(isinstance(b, Var) for b in bounds):
        return cx.refuse("a part of a range whose bounds only the run knows", node, "give the bounds to range")
    start, stop, step = (b.value if isinstance(b, Const) else None for b in bounds)
    step = 1 if step is None else step
    lo, _, by = base.span
    least, most = (const(0), base.count) if step > 0 else (const(-1), arithmetic(cx, "np.subtract", base.count, const(1), None))
    ends = [end if bound is None else clipped(cx, bound, base.count, least, most)
            for bound, end in ((start, least if step > 0 else most), (stop, most if step > 0 else least))]
    first, last = (arithmetic(cx, "np.add", lo, arithmetic(cx, "np.multiply", end, by, None), None) for end in ends)
    return call_range(cx, (first, last, arithmetic(cx, "np.multiply", by, const(step), None)), {}, node)


def clipped(cx: Lowerer, bound: int, count: Value, least: Value, most: Value) -> Value:
    """A bound of a slice, counted from the end if it is negative, as the place where Python's slices put it."""
    place = const(bound) if bound >= 0 else arithmetic(cx, "np.add", count, const(bound), None)
    name, limit = ("min", most) if bound >= 0 else ("max", least)
    if isinstance(place, Const) and isinstance(limit, Const):
        return const((min if bound >= 0 else max)(place.value, limit.value))
    return cx.emit(name, cx.read(place), cx.read(limit))


def dynamic_item(cx: Lowerer, base: Obj, contents: DynList, index: Any, node: ast.AST) -> Value:
    if isinstance(index, Slice):
        from .containers import slice_list

        return slice_list(cx, base, index, node)
    i = cx.read(index)
    if isinstance(i, Var) and cx.lengths.get(i) is contents.lists[0]:
        cx.fails(IndexError, "an index that is as large as the list", node)
    if any(getattr(lst.type, "elem", None) is None for lst in contents.lists):
        raise EmptyHere("an item of a list that is empty here", cx.loc(node), "start from a list with items, or use an array")
    return item_of(cx, base.oid, i)


# -- writes ------------------------------------------------------------------------------------------------------------


def assign_item(cx: Lowerer, target: ast.Subscript, value: Value) -> None:
    write_item(cx, sure(cx, expression(cx, target.value), target), expression(cx, target.slice), value, target)


def write_item(cx: Lowerer, base: Value, index: Any, value: Value, node: ast.AST) -> None:
    """``base[index] = value``."""
    if isinstance(index, Either):
        do_either(cx, index, lambda chosen: write_item(cx, base, chosen, value, node))
        return
    if isinstance(base, Either):
        do_either(cx, base, lambda chosen: write_item(cx, chosen, index, value, node))
        return
    if isinstance(base, Ref):
        from .exprs import as_array

        items = index_items(cx, base, index, node)
        cx.write(Ref(base.sid, Path((*base.path.steps, Index(items)))), as_array(cx, value, node), "setview", node)
        return
    if isinstance(base, Bound) and is_namespace(base):
        write_to_namespace(cx, base, index, value, node)
        return
    if isinstance(base, Tup):
        cx.fails(TypeError, "a tuple cannot be written to", node)
    if not isinstance(base, Obj):
        cx.refuse(f"a {cx.describe(base)} cannot be written to", node)
    if call_special(cx, base, "setitem", (index, value), node) is not None:
        return
    if writes_table(cx, base, index):
        tables.write(cx, base, index, value, node)
        return
    cx.check_owned(base.oid, node, noted=not isinstance(index, Slice))
    note(cx, base, "[]", index, (value,), node)
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and contents.keys is not None:
        key = static_key(cx, index, node)
        if key not in contents.keys and base.oid in cx.iterated:
            cx.refuse("a dict that changes while it is iterated", node, "iterate over a copy: for k in list(d)")
        cx.put(base.oid, with_key(contents, key, value))
        return
    if isinstance(contents, Fields) and isinstance(index, Const):
        k = cx.static_int(index, node)
        if not -len(contents.items) <= k < len(contents.items):
            cx.fails(IndexError, f"index {k} is out of range for {len(contents.items)} items", node)
        k %= len(contents.items)
        cx.put(base.oid, Fields((*contents.items[:k], value, *contents.items[k + 1:]), None, contents.cls))
        return
    write_run_time_item(cx, base, index, value, node)


def writes_table(cx: Lowerer, base: Obj, index: Any) -> bool:
    """Whether a key is written to a dict that only the run knows."""
    contents = cx.contents(base.oid)
    if not isinstance(contents, Fields) or contents.keys is None or isinstance(contents.cls, type):
        return False
    return is_table(contents) or (base.oid not in cx.lent and tables.run_time_key(cx, index))


def with_key(contents: Fields, key: Any, value: Value) -> Fields:
    assert contents.keys is not None
    if key in contents.keys:
        k = contents.keys.index(key)
        return Fields((*contents.items[:k], value, *contents.items[k + 1:]), contents.keys, contents.cls)
    return Fields((*contents.items, value), (*contents.keys, key), contents.cls)


def write_run_time_item(cx: Lowerer, base: Obj, index: Any, value: Value, node: ast.AST) -> None:
    if isinstance(index, Slice):
        from .containers import write_slice

        write_slice(cx, base, index, value, node)
        return
    contents = cx.contents(base.oid)
    if isinstance(contents, Fields) and not all(is_number(i) for i in contents.items):
        sym = sym_of(index)
        if isinstance(sym, dims.Dim):
            cx.need_unroll(sym)
    if isinstance(contents, Fields):
        to_dynamic(cx, base.oid, None)
    try:
        write_to(cx, base.oid, cx.read(index), value, node)
    except NotApart as what:
        raise AliasError(f"a {cx.describe(value)} as an item of a list of unknown length", cx.loc(node),
                         "use an array, or one list for each") from what
