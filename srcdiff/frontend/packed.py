"""Arguments and results of functions that are lowered on their own: taken apart into leaves, and put together again."""

from __future__ import annotations

import ast
from typing import Any

from ..ir import dims, tree
from ..ir.build import const
from ..ir.core import Atom, Const, Var
from ..ir.types import Array, List, Scalar, Type, is_active_type
from .choices import settled
from .context import Lowerer
from .nests import is_circular
from .values import Closure, DynList, Fields, Obj, Ref, Rows, Tup, Value

__all__ = ["Packed", "closed", "opened", "result_types", "unpack"]


class Packed:
    """Arguments taken apart into leaves, with fresh parameters of their kinds.

    ``known_integers``: integers whose value is known here are known in the function too. ``sizes``: so are dimensions.
    """

    def __init__(self, cx: Lowerer, values: dict[Any, Value], site: ast.AST, known_integers: bool = False,
                 sizes: bool = False) -> None:
        self.cx = cx
        self.known_integers = known_integers
        self.sizes = sizes
        self.site = site
        self.leaves: list[Value] = []
        self.symbols: dict[dims.DimLike, dims.DimLike] = {}
        self.made: list[Var] = []
        self.trees = {name: self.pack(v) for name, v in values.items()}
        self.params = tuple(self.made)
        self.key = (tuple((n, _key(t)) for n, t in self.trees.items()),
                    tuple((_kind(p.type, self.symbols), p.sym) for p in self.params))

    def pack(self, value: Value) -> Any:
        cx = self.cx
        value = settled(cx, value, self.site)
        if isinstance(value, Tup):
            return tree.Node("tuple", tuple(self.pack(v) for v in value.items), (), value.cls)
        if isinstance(value, Obj):
            contents = cx.contents(value.oid)
            if isinstance(contents, DynList):
                template = contents.template
                while isinstance(template, Rows):
                    template = template.item
                if template != 0:
                    cx.refuse("a list of tuples passed to a recursive function", self.site)
                return self.leaf(value, contents.lists[0].type)
            if is_circular(cx, value):
                cx.refuse("objects that refer to each other, passed to a function that is kept as one", self.site,
                          "pass what it needs of them")
            kind = "list" if contents.keys is None else "dict"
            return tree.Node(kind, tuple(self.pack(v) for v in contents.items), contents.keys or (), contents.cls)
        if isinstance(value, Ref):
            return self.leaf(value, cx.type_of(value))
        if isinstance(value, Var) and isinstance(value.type, Scalar):
            leaf = self.leaf(value, value.type)
            if (self.known_integers or self.sizes) and isinstance(value.sym, dims.Dim) and value.sym.hint is not None:
                self.made[-1].sym = value.sym
            return leaf
        if isinstance(value, Const) and self.known_integers and not is_active_type(value.type):
            return tree.Static(value)
        if isinstance(value, Const) and isinstance(value.type, Scalar) and value.type.dtype != "bool":
            return self.leaf(value, value.type)
        if not static(value):
            cx.refuse("a function with captured values passed to one that is kept", self.site, "pass the values themselves")
        return tree.Static(value)

    def read(self) -> tuple[Atom, ...]:
        """The leaves as operands of a call."""
        return tuple(map(self._read, self.leaves))

    def _read(self, value: Value) -> Atom:
        if isinstance(value, Obj):
            contents = self.cx.contents(value.oid)
            assert isinstance(contents, DynList)
            return contents.lists[0]
        return self.cx.read(value)

    def leaf(self, value: Value, t: Type) -> tree.Leaf:
        self.leaves.append(value)
        if isinstance(t, Array):
            t = Array(t.dtype, tuple(self.symbol(d) for d in t.shape), "A")
        elif isinstance(t, List):
            t = _own_sizes(t)
        self.made.append(Var(t, ""))
        return tree.Leaf(len(self.leaves) - 1)

    def symbol(self, d: dims.DimLike) -> dims.DimLike:
        if d not in self.symbols:
            self.symbols[d] = d if self.sizes and dims.is_static((d,)) else dims.runtime_sym(f"k{_fresh()}")
        return self.symbols[d]


def _own_sizes(t: Type | None) -> Any:
    """The type of a list with dimensions of its own for the arrays in it."""
    if isinstance(t, List):
        return List(_own_sizes(t.elem))
    return Array(t.dtype, tuple(dims.runtime_sym(f"k{_fresh()}") for _ in t.shape), "A") if isinstance(t, Array) else t


def static(value: Value) -> bool:
    """Whether a value holds nothing that only the caller has."""
    if isinstance(value, Closure):
        return all(isinstance(v, Const) for v in (*value.defaults, *(v for _, v in value.kw_defaults)))
    return isinstance(value, Const)


def _fresh() -> int:
    return Var(const(0).type).uid


def _key(t: Any) -> Any:
    if isinstance(t, tree.Static):
        value = t.value
        if isinstance(value, Const):
            plain = isinstance(value.value, (bool, str, type(None), int, float))
            return (type(value.value), value.value if plain else id(value.value))
        return (value.node, value.frame.fid) if isinstance(value, Closure) else id(value)
    return (t.kind, t.keys, t.cls, tuple(_key(i) for i in t.items)) if isinstance(t, tree.Node) else "leaf"


def _kind(t: Type, symbols: dict[dims.DimLike, dims.DimLike]) -> Any:
    if isinstance(t, Array):
        numbers = {s: s if dims.is_static((s,)) else f"%{k}" for k, s in enumerate(symbols.values())}
        return (t.dtype, t.layout, tuple(numbers[d] for d in t.shape))
    if isinstance(t, List) and isinstance(t.elem, List):
        return (List, _kind(t.elem, symbols))
    return (List, t.elem and (type(t.elem), getattr(t.elem, "dtype", ""), len(getattr(t.elem, "shape", ())))) \
        if isinstance(t, List) else t


def unpack(sub: Lowerer, t: Any, params: tuple[Var, ...], owners: list[int | None]) -> Value:
    if isinstance(t, tree.Static):
        return t.value
    if isinstance(t, tree.Leaf):
        value = sub.wrap(params[t.index]) if isinstance(params[t.index].type, (Array, List)) else params[t.index]
        if isinstance(value, Ref):
            owners[t.index] = value.sid
        elif isinstance(value, Obj):
            owners[t.index] = value.oid
        return value
    items = tuple(unpack(sub, i, params, owners) for i in t.items)
    if t.kind == "tuple":
        return Tup(items, t.cls)
    obj = sub.new_obj(Fields(items, t.keys if t.kind == "dict" else None, t.cls))
    sub.foreign.add(obj.oid)
    return obj


def result_types(params: tuple[Var, ...], packed: Packed, args: tuple[Atom, ...], types: tuple[Type, ...]) -> tuple[Type, ...]:
    """The types of a function's results with the dimensions of what it is called with."""
    back = {packed.made[k].type.shape[a]: d  # type: ignore[union-attr]
            for k, arg in enumerate(args) if isinstance(arg.type, Array) for a, d in enumerate(arg.type.shape)}
    own = {d: c for p, q in zip(params, packed.made, strict=True) if isinstance(p.type, Array)
           for d, c in zip(p.type.shape, q.type.shape, strict=True)}  # type: ignore[union-attr]
    return tuple(_in_caller(t, own, back) for t in types)


def _in_caller(t: Type, own: dict[Any, Any], back: dict[Any, Any]) -> Type:
    """A result's type with the caller's dimensions for the callee's."""
    if not isinstance(t, Array):
        return t

    def known(d: dims.DimLike) -> dims.DimLike:
        if dims.is_static((d,)) or isinstance(d, int):
            return d
        if d in own and own[d] in back:
            return back[own[d]]
        total: dims.DimLike = d.const
        for sym, coef in d.terms:
            one = own.get(dims.of(sym))
            if d.clip or one not in back:
                return dims.runtime_sym(f"c{_fresh()}")
            total = dims.add(total, dims.scale(back[one], coef))
        return total
    return Array(t.dtype, tuple(known(d) for d in t.shape), t.layout, t.weak)


def opened(cx: Lowerer, value: Value, storages: dict[int, int]) -> tuple[Value, Any]:
    """A result with tuples in the place of lists, dicts and objects of its own, and what :func:`closed` needs to undo that."""
    kind: tuple[Any, ...] | None = None
    if isinstance(value, Obj) and value.oid not in storages and isinstance(contents := cx.contents(value.oid), Fields):
        kind, value = (contents.keys, contents.cls), Tup(contents.items)
    if not isinstance(value, Tup):
        return value, None
    parts = [opened(cx, item, storages) for item in value.items]
    return Tup(tuple(v for v, _ in parts), value.cls), (kind, tuple(inner for _, inner in parts))


def closed(cx: Lowerer, value: Value, layout: Any) -> Value:
    if layout is None or not isinstance(value, Tup):
        return value
    kind, inner = layout
    items = tuple(closed(cx, v, i) for v, i in zip(value.items, inner, strict=True))
    return Tup(items, value.cls) if kind is None else cx.new_obj(Fields(items, *kind))
