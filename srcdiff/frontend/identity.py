"""Whether two values are one object: ``a is b``."""

from __future__ import annotations

import ast
from typing import NoReturn

from ..ir.build import const
from ..ir.core import Atom, Const, Var
from .context import Lowerer
from .sharing import items, whole
from .structure import same_value
from .values import Inside, Obj, Value

__all__ = ["one_object"]


def one_object(cx: Lowerer, a: Value, b: Value, node: ast.AST | None) -> Atom:
    """Whether two lists, dicts or objects are one: of items of one list, the run knows; refused where nobody can tell."""
    if not isinstance(a, Obj) or not isinstance(b, Obj):  # one of them comes from outside
        for value in (a, b):
            if isinstance(value, Obj):
                cx.arguments.note_change(cx, value.oid)
        return const(False)
    if a == b:
        return const(True)
    if {a.oid, b.oid} <= cx.foreign:
        cx.refuse("is on two lists, dicts or objects that come from outside", node, "use ==, or a name for each")
    cx.arguments.note_comparison(a.oid, b.oid)
    x, y = cx.state.objs[a.oid], cx.state.objs[b.oid]
    if not isinstance(x, Inside) and not isinstance(y, Inside) and not any(cx.state.links.get(whole(v.oid)) for v in (a, b)):
        return const(False)
    for value, found in ((a, x), (b, y)):
        token = items(found.owner) if isinstance(found, Inside) else whole(value.oid)
        if cx.state.links.get(token) or cx.state.links.get(whole(value.oid)):
            undecided(cx, node)
    if not isinstance(x, Inside) or not isinstance(y, Inside) or x.owner != y.owner or len(x.index) != len(y.index):
        return const(False)
    same: Atom = const(True)
    for depth, (i, j) in enumerate(zip(x.index, y.index, strict=True)):
        if same_value(i, j):
            continue
        if depth > 0 or len(x.index) > 1:
            undecided(cx, node)
        same = at_one_place(cx, x.owner, i, j)
    return same


def undecided(cx: Lowerer, node: ast.AST | None) -> NoReturn:
    cx.refuse("whether these are one object cannot be decided here", node, "compare their positions, or their attributes")


def at_one_place(cx: Lowerer, owner: int, i: Atom, j: Atom) -> Atom:
    """Whether two indices of a list mean one item; negative ones count from its end."""
    if isinstance(i, Const) and isinstance(j, Const) and (i.value < 0) is (j.value < 0):
        return const(i.value == j.value)
    contents = cx.contents(owner)
    count = cx.var("len", contents.lists[0])  # type: ignore[union-attr]
    places = [cx.var("np.remainder", k, count) for k in (i, j)]
    made = cx.var("np.equal", *places)
    assert isinstance(made, Var)
    return made
