"""Adjoints of lists and tuples. The adjoint of a list is a list of the elements' adjoints.

::

    l1 = append(l0, v)        v_bar, l0_bar = pop(l1_bar)
    v, l1 = pop(l0)           l0_bar = append(l1_bar, v_bar)
    v = getitem(l, i)         l_bar = additem(l_bar, i, v_bar)
    l1 = setitem(l0, i, v)    v_bar += getitem(l1_bar, i)      l0_bar = setitem(l1_bar, i, zeros)
    l1 = append_in(l0, i, v)  v_bar, l0_bar = pop_in(l1_bar, i)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir.build import const
from ..ir.core import Atom, Op, Var
from ..ir.types import List, Stash, Tuple, is_active_type
from .bars import bar_type
from .fit import zeros

if TYPE_CHECKING:
    from .reverse import Reverser

__all__ = ["HANDLERS", "MANY"]

Bars = tuple["Atom | None", ...]


def _list(r: Reverser, op: Op, bar: Atom) -> None:
    for k, item in enumerate(op.args[0]):
        if r.is_active(item):
            r.add(item, r.builder.emit("getitem", bar, const(k)))


def _copy(r: Reverser, op: Op, bar: Atom) -> None:
    r.add(op.args[0], bar)


def _append(r: Reverser, op: Op, bar: Atom) -> None:
    old, value = op.args
    bar, rest = r.builder.emit_all("pop", bar)
    r.add(value, bar)
    r.add(old, rest)


def _pop(r: Reverser, op: Op, bars: Bars) -> None:
    old = op.args[0]
    if r.is_active(old):
        value, rest = (r.zeros(o) if bar is None else bar for o, bar in zip(op.outs, bars, strict=True))
        r.add(old, r.builder.emit("append", rest, value, type=old.type))


def _append_in(r: Reverser, op: Op, bar: Atom) -> None:
    old, index, value = op.args
    bar, rest = r.builder.emit_all("pop_in", bar, index)
    r.add(value, bar)
    r.add(old, rest)


def _pop_in(r: Reverser, op: Op, bars: Bars) -> None:
    old, index = op.args
    if r.is_active(old):
        value, rest = (r.zeros(o) if bar is None else bar for o, bar in zip(op.outs, bars, strict=True))
        r.add(old, r.builder.emit("append_in", rest, index, value, type=old.type))


def _getitem(r: Reverser, op: Op, bar: Atom) -> None:
    old, index = op.args
    if r.is_active(old):
        r.put(old, r.builder.emit("additem", r.base(old), index, bar))


def _setitem(r: Reverser, op: Op, bar: Atom) -> None:
    old, index, value = op.args
    element = r.builder.emit("getitem", bar, index)
    r.add(value, element)
    if r.is_active(old):
        like = r.builder.emit("getitem", old, index) if isinstance(element.type, List) else element  # the old one's length
        zero = zeros(r.builder, like)
        r.add(old, r.builder.emit("setitem", bar, index, zero))


def _additem(r: Reverser, op: Op, bar: Atom) -> None:
    old, index, value = op.args
    if r.is_active(value):
        r.add(value, r.builder.emit("getitem", bar, index))
    r.add(old, bar)


def _addlist(r: Reverser, op: Op, bar: Atom) -> None:
    for side in op.args:
        r.add(side, bar)


def _tuple(r: Reverser, op: Op, bar: Atom) -> None:
    for k, item in enumerate(op.args[0]):
        if r.is_active(item):
            r.add(item, r.builder.emit("untuple", bar, const(k), type=bar_type(item)))


def _untuple(r: Reverser, op: Op, bar: Atom) -> None:
    whole, place = op.args
    if not r.is_active(whole):
        return
    if isinstance(whole.type, Stash):
        r.add_stashed(whole, op, bar)
    else:
        r.add(whole, _one_item(r, whole, place.value, bar))


def _one_item(r: Reverser, whole: Var, place: int, bar: Atom | None) -> Atom:
    """The adjoint of a tuple of which only one item has one."""
    assert isinstance(whole.type, Tuple)
    b = r.builder
    items = [bar if k == place else zeros(b, b.emit("untuple", whole, const(k))) if is_active_type(t) else const(0.0)
             for k, t in enumerate(whole.type.items)]
    return b.emit("tuple", tuple(items))


HANDLERS = {
    "list": _list, "copylist": _copy, "append": _append, "append_in": _append_in, "getitem": _getitem, "setitem": _setitem,
    "additem": _additem, "addlist": _addlist, "tuple": _tuple, "untuple": _untuple,
}
MANY = {"pop": _pop, "pop_in": _pop_in}
