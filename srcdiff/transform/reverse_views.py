"""Adjoints of reads and writes through paths, of conversions, and of the structural products.

::

    t = view(S, p)            S_bar   = addview(S_bar, t_bar, p)
    S1 = setview(S0, v, p)    v_bar  += view(S1_bar, p)      S0_bar += setview(S1_bar, 0.0, p)
    S1 = addview(S0, v, p)    v_bar  += view(S1_bar, p)      S0_bar += S1_bar
    y = smul(g, p)            g_bar  += smul(y_bar, p)       p_bar  += smul(g, y_bar)

``S0_bar`` accumulates because in a second derivative the old version may have readers after the write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir.build import const
from ..ir.core import Arg, Atom, Const, Index, Op, Path, Reshape, Slice, Transpose, Var
from ..ir.types import Array, Object, Scalar, rank_of
from .fit import apply, shape_atoms

if TYPE_CHECKING:
    from .reverse import Reverser

__all__ = ["HANDLERS", "covers", "last_written", "repeats"]



def covers(path: Path) -> bool:
    """Whether ``path`` selects every element once, in whatever shape."""
    def whole(step: object) -> bool:
        return isinstance(step, (Transpose, Reshape)) \
            or (isinstance(step, Index) and all(i is None or i is Ellipsis or i == Slice() for i in step.items))

    return all(map(whole, path.steps))


def repeats(path: Path) -> bool:
    """Whether ``path`` may select an element more than once: through integer arrays or lists."""
    items = [i for s in path.steps if isinstance(s, Index) for i in s.items if isinstance(i, Var)]
    arrays = [i.type for i in items if not isinstance(i.type, Scalar)]
    return any(not (isinstance(t, Array) and t.dtype == "bool") for t in arrays)


def _path(storage: Arg, path: Path) -> Path:
    """The path, which selects all there is of an array of rank 0 (whose adjoint may be a scalar)."""
    return path if rank_of(storage.type) else Path()


def _view(r: Reverser, op: Op, bar: Atom) -> None:
    storage, path = op.args[0], _path(*op.args)
    if r.is_active(storage):
        if path.steps:
            r.put(storage, r.builder.emit("addview", r.base(storage), bar, path))
        else:
            r.add(storage, bar)


def _setview(r: Reverser, op: Op, bar: Atom) -> None:
    storage, value, path = *op.args[:2], _path(op.args[0], op.args[2])
    if r.is_active(value):
        read = r.builder.emit("view", bar, path) if path.steps else bar
        if repeats(path):
            zero = const(0.0)
            read = apply(r.builder, "np.where", last_written(r, storage, path), read, zero)
        r.add(value, read)
    if r.is_active(storage) and not covers(path):
        r.add(storage, r.builder.emit("setview", bar, const(0.0), path))


def last_written(r: Reverser, storage: Atom, path: Path) -> Var:
    """A mask over a write through integer arrays: which of its elements are the last that go to their place."""
    b = r.builder
    order = b.emit("cast", apply(b, "np.zeros_like", storage), Const("int64", Object("static")))
    read = b.emit("view", order, path)
    count = apply(b, "np.arange", b.emit("size", read))
    numbers = apply(b, "np.reshape", count, shape=shape_atoms(b, read))
    stored = b.emit("setview", order, numbers, path)
    return apply(b, "np.equal", b.emit("view", stored, path), numbers)


def _addview(r: Reverser, op: Op, bar: Atom) -> None:
    storage, value, path = *op.args[:2], _path(op.args[0], op.args[2])
    if r.is_active(value):
        read = r.builder.emit("view", bar, path) if path.steps else bar
        r.add(value, apply(r.builder, "np.negative", read) if op.name == "subview" else read)
    r.add(storage, bar)


def _same(r: Reverser, op: Op, bar: Atom) -> None:
    """Conversions: the driver fits the adjoint to the operand."""
    r.add(op.args[0], bar)


def _unbroadcast(r: Reverser, op: Op, bar: Atom) -> None:
    x: Arg = op.args[0]
    if r.is_active(x):
        r.add(x, apply(r.builder, "np.broadcast_to", bar, shape=shape_atoms(r.builder, x), type=x.type))


def _smul(r: Reverser, op: Op, bar: Atom) -> None:
    g, p = op.args
    if r.is_active(g):
        r.add(g, r.builder.emit("smul", bar, p))
    if r.is_active(p):
        r.add(p, r.builder.emit("smul", g, bar))


def _sdiv(r: Reverser, op: Op, bar: Atom) -> None:
    g, p = op.args
    if r.is_active(g):
        r.add(g, r.builder.emit("sdiv", bar, p))
    if r.is_active(p):
        quotient = r.builder.emit("sdiv", op.outs[0], p)
        r.add(p, apply(r.builder, "np.negative", r.builder.emit("smul", quotient, bar)))


HANDLERS = {
    "view": _view, "setview": _setview, "addview": _addview, "subview": _addview, "cast": _same, "as_scalar": _same,
    "unbroadcast": _unbroadcast, "smul": _smul, "sdiv": _sdiv,
}

