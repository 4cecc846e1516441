"""The parts of a user's rule: each of its functions lowered over the parameters of the function that has the rule."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from ..containers import Parts, container_of
from ..errors import UnsupportedError
from ..ir import dims, tree
from ..ir.build import const
from ..ir.core import Atom, Block, Const, Function, Op, Stmt, Var, arg_vars, blocks_of, uses_of
from ..ir.ops import OPS
from ..ir.types import Array, Object, Scalar, Type, dtype_of, is_active_type, rank_of, shape_of
from ..opaque import Kind
from .context import Frame, Lowerer
from .packed import unpack
from .registered import apart, made, registration, static_value
from .values import Fields, Obj, Ref, Tup, Value

if TYPE_CHECKING:
    from .customs import Maker

__all__ = ["Part", "WrongRule", "bar_type", "calls_python", "depends", "forward_half", "in_words", "is_active", "kind_of_type",
           "name_of", "nest", "tree_of", "type_of", "value_of"]


class WrongRule(UnsupportedError):
    """A rule that does not fit its function: to call it as it is would not help."""


class Part:
    """One function of a rule, lowered over the parameters of the function that has the rule."""

    def __init__(self, maker: Maker) -> None:
        cx = self.cx = maker.cx
        self.maker = maker
        self.sub = sub = Lowerer(cx.facts)
        sub.kept, sub.kept_functions, sub.objects = cx.kept, cx.kept_functions, cx.objects
        sub.derive, sub.inline, sub.never_kept, sub.main_name = cx.derive, cx.inline, cx.never_kept, cx.main_name
        sub.restart(next(cx.ids) + 1_000_000)
        sub.builder.loc = maker.loc()
        outer = cx.frames[-1]
        sub.frames.append(Frame(-1, outer.name, outer.scope, outer.source, outer.globals, outer.cells))
        owners: list[int | None] = [None] * len(maker.params)
        self.values = [unpack(sub, t, maker.params, owners) for t in maker.trees]
        self.owned = {s for s in owners if s is not None}
        self.before = dict(sub.state.store), dict(sub.state.objs)

    def refuse(self, message: str) -> NoReturn:
        raise WrongRule(message, self.maker.loc())

    def call(self, fun: Any, *values: Value) -> Value:
        from .calls import apply

        return apply(self.sub, self.sub.captured(fun, name_of(fun)), values, {}, self.maker.node)

    def leaves(self, value: Value, atoms: list[Atom]) -> tree.Tree:
        """The nest of a result, whose memory is its own."""
        from .lower import leaves_of

        found = leaves_of(self.sub, self.copied(value), atoms, self.sub.builder.loc, self.maker.node)
        if any(not isinstance(a.type, (Array, Scalar)) for a in atoms):
            self.refuse("a list of unknown length as the result of a function with a rule")
        return found

    def copied(self, value: Value) -> Value:
        sub = self.sub
        if isinstance(value, Ref) and (value.sid in self.owned or self.owned & set(sub.state.links.get(value.sid, ()))):
            return sub.emit("np.copy", sub.read(value))
        if isinstance(value, Tup):
            return Tup(tuple(map(self.copied, value.items)), value.cls)
        return value

    def check_unwritten(self) -> None:
        """A rule must not write to the arguments."""
        store, objs = self.sub.state.store, self.sub.state.objs
        for n in self.owned:
            if self.before[0].get(n) is not store.get(n) or self.before[1].get(n) is not objs.get(n):
                self.refuse(f"{self.maker.obj.label} has a rule, and writes to its argument")

    def with_leaves(self, t: tree.Tree, atoms: tuple[Var, ...]) -> Value:
        return value_of(self.sub, t, atoms)

    def zeros(self, p: Var) -> Atom:
        return self.sub.builder.emit("np.zeros_like", p, const(None)) if isinstance(p.type, Array) else const(0.0)

    def items(self, value: Value, count: int, message: str) -> tuple[Any, ...]:
        """The items of a tuple that has to have so many."""
        if not isinstance(value, Tup) or len(value.items) != count:
            self.refuse(message)
        return value.items

    def match(self, t: Any, bar: Value, found: dict[int, Atom], what: str, likes: Sequence[Atom]) -> None:
        """Note the adjoint or tangent of each leaf of ``t``, which belongs to one of ``likes``."""
        if isinstance(t, tree.Static) or (isinstance(bar, Const) and bar.value is None):
            return
        if isinstance(t, tree.Leaf):
            if is_active(likes[t.index]):
                found[t.index] = self.fitted(bar, likes[t.index], what)
            return
        if t.kind == "registered" and (registered := registration(self.sub, bar)) is not None:
            items: tuple[Any, ...] | None = apart(self.sub, registered, bar, self.maker.node)[0]
        else:
            items = bar.items if isinstance(bar, Tup) else self.items_of(bar)
        if items is None or len(items) != len(t.items):
            self.refuse(f"{what} is not a {t.kind} of {len(t.items)} items")
        for inner, item in zip(t.items, items or (), strict=True):
            self.match(inner, item, found, what, likes)

    def items_of(self, value: Value) -> tuple[Any, ...] | None:
        contents = self.sub.state.objs[value.oid] if isinstance(value, Obj) else None
        return contents.items if isinstance(contents, Fields) else None

    def fitted(self, bar: Value, like: Atom, what: str) -> Atom:
        """An adjoint or tangent of the shape and dtype of what it belongs to; nothing is broadcast."""
        b, t = self.sub.builder, like.type
        if not isinstance(bar, (Ref, Var, Const)):
            self.refuse(f"{what} is a {self.sub.describe(bar)}")
        atom = self.sub.read(bar)
        self.check_fit(atom, like, what)
        assert isinstance(t, (Array, Scalar))
        if isinstance(atom, Const) and isinstance(t, Scalar):
            return const(float(atom.value)) if t.dtype == "float64" else const(np.dtype(t.dtype).type(atom.value))
        if isinstance(atom.type, Scalar) and isinstance(t, Array):
            return b.emit("np.array", atom, Const(t.dtype, Object("static")))
        if isinstance(t, Scalar):
            return atom if atom.type == t else b.emit("as_scalar", atom, Const(t, Object("static")))
        return atom if dtype_of(atom.type) == t.dtype else b.emit("cast", atom, Const(t.dtype, Object("static")))

    def check_fit(self, atom: Atom, like: Atom, what: str) -> None:
        """Refuse an adjoint of another rank or kind; sizes that are not known are compared when the program runs."""
        b, t = self.sub.builder, like.type
        wrong = f"{what} is {in_words(atom.type)}, and what it belongs to is {in_words(t)}"
        dtype = dtype_of(atom.type)
        real = np.dtype(dtype_of(t)).kind != "c"
        if dtype is None or rank_of(atom.type) != rank_of(t) or np.dtype(dtype).kind not in ("biuf" if real else "biufc"):
            self.refuse(wrong)
        for axis, (have, want) in enumerate(zip(shape_of(atom.type), shape_of(t), strict=True)):
            if have == want:
                continue
            if isinstance(have, int) and isinstance(want, int):
                self.refuse(wrong)
            same = b.emit("np.equal", b.emit("dim", atom, const(axis)), b.emit("dim", like, const(axis)))
            b.emit_all("assert", same, const(f"{what} has another shape than what it belongs to"))


def value_of(cx: Lowerer, t: tree.Tree, atoms: tuple[Atom, ...]) -> Value:
    """A nest of variables as a value."""
    if isinstance(t, tree.Leaf):
        return cx.wrap_atom(atoms[t.index])
    if isinstance(t, tree.Static):
        return const(t.value)
    items = tuple(value_of(cx, i, atoms) for i in t.items)
    if t.kind == "registered":
        return made(cx, t.cls, static_value(cx, t.static), items, ast.AST())
    return Tup(items, t.cls) if t.kind in ("tuple", "namedtuple") else cx.new_obj(Fields(items, t.keys or None, t.cls))


def nest(t: Any, leaf: Callable[[tree.Leaf], Any]) -> Any:
    """A tree as the Python containers that it describes."""
    if isinstance(t, tree.Leaf):
        return leaf(t)
    if isinstance(t, tree.Static):
        return t.value.value if isinstance(t.value, Const) else t.value
    items = [nest(i, leaf) for i in t.items]
    if t.kind == "registered" and (container := container_of(t.cls)) is not None:
        return Parts(container, tuple(items), t.static)
    if t.cls is not None:
        made = t.cls.__new__(t.cls, *items) if hasattr(t.cls, "_fields") else t.cls.__new__(t.cls)
        for key, item in zip(t.keys, items, strict=True) if not hasattr(t.cls, "_fields") else ():
            object.__setattr__(made, key, item)
        return made
    return dict(zip(t.keys, items, strict=True)) if t.kind == "dict" else tuple(items) if t.kind == "tuple" else items


def tree_of(value: Any, leaf: Callable[[Any], tree.Tree]) -> tree.Tree:
    """The tree of tuples, lists and dicts with ``leaf`` of everything else."""
    if type(value) in (tuple, list):
        return tree.Node(type(value).__name__, tuple(tree_of(v, leaf) for v in value))
    if isinstance(value, tuple):
        return tree.Node("namedtuple", tuple(tree_of(v, leaf) for v in value), type(value)._fields, type(value))  # type: ignore[attr-defined]
    if type(value) is dict:
        return tree.Node("dict", tuple(tree_of(v, leaf) for v in value.values()), tuple(value))
    return leaf(value)


def depends(stmts: Iterable[Stmt], results: Iterable[Atom], on: Collection[Var]) -> bool:
    """Whether any of ``results`` depends on more than the shape of ``on``."""
    found = set(on)
    for stmt in stmts:
        if not found.isdisjoint(_values_read(stmt)):
            found.update(stmt.outs)
    return any(r in found for r in results)


def _values_read(stmt: Stmt) -> Iterator[Var]:
    """The variables of which a statement uses more than the shape."""
    if isinstance(stmt, Op):
        skip = OPS[stmt.name].shape_only
        yield from arg_vars(tuple(a for k, a in enumerate(stmt.args) if k not in skip))
        return
    yield from uses_of(stmt)
    for block in blocks_of(stmt):
        yield from arg_vars(block.results)
        for inner in block.stmts:
            yield from _values_read(inner)


def forward_half(joint: Function) -> tuple[Stmt, ...]:
    at = next(k for k, s in enumerate(joint.body.stmts) if isinstance(s, Op) and s.name == "split")
    return joint.body.stmts[:at]


def calls_python(block: Block) -> bool:
    return any(s.name == "opaque" if isinstance(s, Op) else any(map(calls_python, blocks_of(s))) for s in block.stmts)


def is_active(a: Atom) -> bool:
    return is_active_type(a.type)


def name_of(fun: Any) -> str:
    return getattr(fun, "__name__", type(fun).__name__)


def bar_type(t: Type) -> Type:
    return Array(t.dtype, t.shape, "A") if isinstance(t, Array) else t


def kind_of_type(t: Type) -> Kind:
    if isinstance(t, Array):
        return Kind(None, t.dtype, len(t.shape))
    assert isinstance(t, Scalar)
    plain = {"float64": float, "int64": int, "bool": bool, "complex128": complex}
    return Kind(plain[t.dtype] if t.py else np.dtype(t.dtype).type, t.dtype)


def in_words(t: Type) -> str:
    return str(kind_of_type(t)) if isinstance(t, (Array, Scalar)) else str(t)


def type_of(kind: Kind) -> Type:
    if kind.cls is None:
        return Array(kind.dtype, tuple(dims.runtime_sym(f"o{Var(const(0).type).uid}") for _ in range(kind.ndim)), "A")
    return Scalar(kind.dtype, kind.cls in (float, int, bool, complex))
