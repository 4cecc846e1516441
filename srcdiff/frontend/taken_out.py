"""What an arm of a branch made, as it is called after the arms: asked for only where that arm was taken."""

from __future__ import annotations

from typing import Any

from ..ir.build import const
from ..ir.core import UNDEF, Atom, Const, Var
from .context import Lowerer, undef
from .structure import is_number
from .values import Bound, Closure, Either, Fields, Inside, Maybe, Obj, Partial, Ref, State, Tup, Value
from .widening import NoJoin

__all__ = ["MISSING", "TakenOut", "is_choosable", "same_place", "unlike"]

MISSING = object()


class TakenOut:
    """The part of a :class:`~srcdiff.frontend.join.Merger` that gives names to what only one arm has."""

    cx: Lowerer
    cond: Atom
    arms: tuple[Any, Any]
    merged: dict[object, int]
    result: State

    def phi(self, a: Atom, b: Atom, hint: str = "") -> Atom:
        raise NotImplementedError

    def absent(self, a: Any, b: Any, name: str) -> Value:
        raise NotImplementedError

    def outer(self, atom: Atom) -> bool:
        raise NotImplementedError

    def either(self, a: Any, b: Any) -> Value:
        """One of two values, by the condition."""
        if not isinstance(self.cond, Var):
            raise NoJoin("one of two lists or dicts that other names see")
        return Either(self.cond, self.taken_out(0, a), self.taken_out(1, b))

    def taken_out(self, side: int, value: Any) -> Value:
        """A value of one arm as it is called after the arms, where it is asked for only if that arm was taken."""
        if isinstance(value, Either):
            return Either(self.only(side, value.cond), self.taken_out(side, value.then), self.taken_out(side, value.orelse))
        if isinstance(value, Maybe):
            return type(value)(self.only(side, value.none), self.taken_out(side, value.value))
        if isinstance(value, Bound):
            return Bound(self.taken_out(side, value.receiver), value.name)
        if isinstance(value, Const):
            return value
        if isinstance(value, Partial):
            return Partial(self.taken_out(side, value.fun), tuple(self.taken_out(side, v) for v in value.args),
                           tuple((k, self.taken_out(side, v)) for k, v in value.kwargs))
        if isinstance(value, Tup):
            return Tup(tuple(self.taken_out(side, v) for v in value.items), value.cls)
        if isinstance(value, Obj):
            return self.object_outside(side, value)
        if isinstance(value, (Ref, Var)):
            return self.absent(MISSING, value, "") if side else self.absent(value, MISSING, "")
        return value

    def only(self, side: int, cond: Atom) -> Atom:
        """A condition of one arm, which is False in the other."""
        blank = const(False)
        return self.phi(blank, cond) if side else self.phi(cond, blank)

    def one_sided(self, side: int, atom: Atom) -> tuple[Atom, Atom]:
        """An atom of one arm, and nothing in the other."""
        blank = undef(atom.type)
        return (blank, atom) if side else (atom, blank)

    def object_outside(self, side: int, value: Obj) -> Obj:
        """An object of one arm as it is called after the arms."""
        if value.oid in self.arms[1 - side].state.objs:
            return value
        key = ("object", side, value.oid)
        if key not in self.merged:
            contents = self.arms[side].state.objs[value.oid]
            if isinstance(contents, Inside) and contents.owner in self.arms[1 - side].state.objs:
                number = self.merged[key] = next(self.cx.ids)
                index = tuple(i if self.outer(i) else self.phi(*self.one_sided(side, i)) for i in contents.index)
                self.result.objs[number] = Inside(contents.owner, index, contents.template)
                return Obj(number)
            if not isinstance(contents, Fields):
                raise NoJoin("a list of unknown length in one branch")
            number = self.merged[key] = next(self.cx.ids)
            items = tuple(self.taken_out(side, item) for item in contents.items)
            self.result.objs[number] = Fields(items, contents.keys, contents.cls)
        return Obj(self.merged[key])


def unlike(x: Any, y: Any) -> bool:
    """Whether two containers are instances of different classes, or do not have the same attributes."""
    instances = all(isinstance(c, Fields) and isinstance(c.cls, type) for c in (x, y))
    kinds = [c.cls if isinstance(c, Fields) else c.template.cls if isinstance(c, Inside) and isinstance(c.template, Fields)
             else None for c in (x, y)]
    return kinds[0] != kinds[1] or (instances and x.keys != y.keys)


def same_place(x: Any, y: Any) -> bool:
    """Whether two containers are items of one list, perhaps different ones."""
    return x.owner == y.owner and len(x.index) == len(y.index)


def is_choosable(value: Any) -> bool:
    """Whether it is a static value, an object, or one of several."""
    if isinstance(value, Bound):
        return is_choosable(value.receiver)
    if isinstance(value, Partial):
        given = (*value.args, *(v for _, v in value.kwargs))
        return is_choosable(value.fun) and all(is_choosable(a) or is_number(a) for a in given)
    static = isinstance(value, Const) and not is_number(value) and value.value is not UNDEF
    return static or isinstance(value, (Closure, Either, Obj))
