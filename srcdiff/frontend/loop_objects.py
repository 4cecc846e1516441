"""Names that a trip of a loop binds to other objects.

An object that only one name sees is what is in it: the object that the name had at the head takes over what the new one holds,
so that the attributes are carried, as if the program had assigned them.
"""

from __future__ import annotations

from collections.abc import Iterable

from .choices import alternatives, settled
from .context import Lowerer
from .reachable import reachable
from .structure import same_value
from .values import Either, Fields, Obj, State, Value

__all__ = ["keep_objects"]

Key = tuple[int, str]


def keep_objects(cx: Lowerer, head: State, live: Iterable[Key]) -> None:
    """Let names that are live at the head keep their objects, with the contents of the ones that they have at the end."""
    env = cx.state.env
    rebound: dict[Key, Obj] = {}
    others: list[Value] = []
    for key in sorted(live):
        old, new = head.env.get(key), env.get(key)
        if isinstance(old, Obj) and isinstance(new, (Obj, Either)) and not same_value(old, new):
            rebound[key] = old
        elif new is not None:
            others.append(new)
    pairs: list[tuple[Obj, Value]] = []
    if not all(paired(cx, head, old, env[key], pairs) for key, old in rebound.items()):
        return
    seen = [v.oid for _, new in pairs for v in alternatives(new) if isinstance(v, Obj)]
    if len(set(seen)) < len(seen) or {*seen, *(old.oid for old, _ in pairs)} & reachable(cx, others):
        return
    made = {old.oid: contents(cx, head, old, new) for old, new in pairs}
    cx.state.objs.update(made)
    cx.state.env.update(rebound)


def paired(cx: Lowerer, head: State, old: Obj, new: Value, pairs: list[tuple[Obj, Value]]) -> bool:
    """Note what takes over from what, also inside; False if the two are not instances of one class with the same attributes."""
    before = head.objs[old.oid]
    if not isinstance(before, Fields) or not isinstance(before.cls, type) or any(old == o for o, _ in pairs):
        return False
    pairs.append((old, new))
    for value in alternatives(new):
        after = cx.state.objs[value.oid] if isinstance(value, Obj) else None
        if not isinstance(after, Fields) or (after.cls, after.keys) != (before.cls, before.keys):
            return False
        for x, y in zip(before.items, after.items, strict=True):
            if changed(x, y) and (isinstance(new, Either) or not paired(cx, head, x, y, pairs)):
                return False
    return True


def changed(x: Value, y: Value) -> bool:
    """Whether an attribute is bound to another object."""
    return isinstance(x, Obj) and isinstance(y, (Obj, Either)) and not same_value(x, y)


def contents(cx: Lowerer, head: State, old: Obj, new: Value) -> Fields:
    """What the object at the head holds from now on."""
    made = settled(cx, new, None)
    before, after = head.objs[old.oid], cx.state.objs[made.oid]  # type: ignore[union-attr]
    assert isinstance(before, Fields)
    assert isinstance(after, Fields)
    items = tuple(x if changed(x, y) else y for x, y in zip(before.items, after.items, strict=True))
    return Fields(items, after.keys, after.cls)
