"""What the driver does to every adjoint and tangent, so that no rule has to: shape, dtype, reality, zeros."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..ir import dims
from ..ir.build import Builder, const
from ..ir.core import UNDEF, Arg, Atom, Const, Var
from ..ir.ops import OPS
from ..ir.types import Array, List, Object, Scalar, Stash, Tuple, Type, is_active_type

__all__ = ["add", "apply", "as_result", "fit", "is_zero", "shape_atoms", "zeros"]


def apply(b: Builder, name: str, *args: Arg, type: Type | None = None, **named: Arg) -> Var:
    """Emit a canonical operation, its other parameters at their defaults."""
    spec = OPS[name]
    full = list(args)
    for param in spec.params[len(args):]:
        value = named.get(param, spec.defaults.get(param))
        full.append(value if isinstance(value, (Var, Const, tuple)) else _static(value))
    return b.emit(name, *full, type=type)


def _static(value: object) -> Const:
    return const(value) if isinstance(value, (bool, int, float)) else Const(value, Object("static"))


def is_zero(atom: Atom) -> bool:
    """Whether ``atom`` is a literal zero: as an adjoint, the same as none at all."""
    return isinstance(atom, Const) and isinstance(atom.value, (int, float, complex)) and atom.value == 0


def fit(b: Builder, bar: Atom, like: Type, shape_of: Var | None = None) -> Atom:
    """``bar`` with the shape and dtype of a value of type ``like``.

    It is summed over axes that were broadcast, stretched over axes that it lacks, made real and cast.
    ``shape_of`` is a variable of type ``like``, where one is at hand.
    """
    if not isinstance(like, (Array, Scalar)) or not isinstance(bar.type, (Array, Scalar)):
        return bar
    bar = _fit_shape(b, bar, like, shape_of)
    return _fit_dtype(b, bar, like)


def _fit_dtype(b: Builder, bar: Atom, like: Array | Scalar) -> Atom:
    have = bar.type
    assert isinstance(have, (Array, Scalar))
    if np.dtype(have.dtype).kind == "c" and np.dtype(like.dtype).kind != "c":
        bar = apply(b, "np.real", bar)
        have = bar.type
        assert isinstance(have, (Array, Scalar))
    if have.dtype == like.dtype or (isinstance(bar, Const) and isinstance(like, Scalar)):
        return bar
    if isinstance(have, Scalar) and isinstance(like, Scalar) and like.py:
        return b.emit("as_scalar", bar, Const(like, Object("static")))
    return b.emit("cast", bar, Const(like.dtype, Object("static")))


def _fit_shape(b: Builder, bar: Atom, like: Array | Scalar, shape_of: Var | None) -> Atom:
    have = bar.type.shape if isinstance(bar.type, Array) else ()
    want = like.shape if isinstance(like, Array) else ()
    if have == want:
        if isinstance(bar.type, Array) and isinstance(like, Scalar):
            return b.emit("as_scalar", bar, Const(Scalar(bar.type.dtype), Object("static")))
        return bar
    lead = len(have) - len(want)
    if lead < 0:
        return bar if isinstance(like, Array) and like.weak and not have else _stretch(b, bar, like, shape_of)
    how = [dims.meet(w, h, b.facts) for w, h in zip(want, have[lead:], strict=True)]
    if "unknown" in how:
        return bar if shape_of is None else b.emit("unbroadcast", bar, shape_of)
    if lead and not want:
        return apply(b, "np.sum", bar)
    if lead:
        bar = apply(b, "np.sum", bar, axis=_axes(range(lead)))
    if stretched := [k for k, h in enumerate(how) if h == "left"]:
        bar = apply(b, "np.sum", bar, axis=_axes(stretched), keepdims=const(True))
    return _stretch(b, bar, like, shape_of) if "right" in how else bar


def _axes(axes: Iterable[int]) -> Const:
    kept = tuple(axes)
    return const(kept[0]) if len(kept) == 1 else Const(kept, Object("static"))


def _stretch(b: Builder, bar: Atom, like: Array | Scalar, shape_of: Var | None) -> Atom:
    if shape_of is None or not isinstance(like, Array):
        return bar
    stretched = Array(getattr(bar.type, "dtype", like.dtype), like.shape, "A")
    return apply(b, "np.broadcast_to", bar, shape=shape_atoms(b, shape_of), type=stretched)


def as_result(b: Builder, dot: Atom, like: Type) -> Atom:
    """A fitted adjoint or tangent that leaves the program: a Python float, NumPy scalar or 0-d array as ``like`` says."""
    if isinstance(like, Array) and not like.shape and not like.weak and isinstance(dot.type, Scalar):
        return apply(b, "np.array", dot, dtype=_static(like.dtype) if dot.type.dtype != like.dtype else _static(None))
    if isinstance(like, Scalar) and isinstance(dot.type, Scalar) and dot.type != like:
        return b.emit("as_scalar", dot, Const(like, Object("static")))
    return dot


def shape_atoms(b: Builder, x: Var) -> tuple[Atom, ...]:
    """The dimensions of ``x`` as atoms."""
    assert isinstance(x.type, Array)
    return tuple(const(d) if isinstance(d, int) else b.emit("dim", x, const(k), sym=d) for k, d in enumerate(x.type.shape))


def zeros(b: Builder, x: Atom) -> Atom:
    """A zero of the type of ``x``, of whose value only shapes are used."""
    t = x.type
    if isinstance(x, Const) and x.value is UNDEF:
        return x
    if isinstance(t, Array) and isinstance(x, Var):
        return apply(b, "np.zeros_like", x, type=Array(t.dtype, t.shape, t.layout, True) if t.weak else None)
    if isinstance(t, (List, Stash)):
        return b.emit("zeros_list", x)
    if isinstance(t, Tuple):
        items = [zeros(b, b.emit("untuple", x, const(k))) if is_active_type(i) else const(0.0) for k, i in enumerate(t.items)]
        return b.emit("tuple", tuple(items))
    return const(0.0)


def add(b: Builder, left: Atom, right: Atom, like: Type) -> Atom:
    """The sum of two adjoints of a value of type ``like``."""
    if is_zero(left) or is_zero(right):
        return right if is_zero(left) else left
    if isinstance(like, (List, Stash)):
        return b.emit("addlist", left, right)
    if isinstance(like, Tuple):
        pairs = [(b.emit("untuple", left, const(k)), b.emit("untuple", right, const(k)), i) for k, i in enumerate(like.items)]
        return b.emit("tuple", tuple(add(b, x, y, i) if is_active_type(i) else x for x, y, i in pairs))
    total = apply(b, "np.add", left, right)
    if isinstance(like, Array) and isinstance(total.type, Array) and total.type.shape != like.shape:
        total.type = Array(like.dtype, like.shape, total.type.layout)
    return total
