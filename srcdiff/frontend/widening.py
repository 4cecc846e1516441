"""The type of a value that has one type on one path and another on the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..ir.build import const
from ..ir.core import UNDEF, Atom, Const, Var
from ..ir.dims import Facts, agree
from ..ir.structural import join_elem
from ..ir.types import Array, List, Scalar, Type
from .context import undef

__all__ = ["NoJoin", "alternatives", "join_types", "widen"]


class NoJoin(Exception):
    """Two types have no common type."""


def join_types(a: Type, b: Type, facts: Facts | None = None) -> Type:
    """The type of a value that is one or the other. That two dimensions are equal at this call becomes a fact.

    Raises
    ------
    NoJoin
        If there is none.
    """
    if a == b:
        return a
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return _join_scalars(a, b)
    if isinstance(a, Array) and isinstance(b, Scalar):
        a, b = b, a
    if isinstance(a, Scalar) and isinstance(b, Array) and np.dtype(b.dtype).kind in "fc":
        return Array(b.dtype, b.shape, "A", weak=True)
    if isinstance(a, Array) and isinstance(b, Array) and a.dtype == b.dtype and len(a.shape) == len(b.shape):
        if facts is not None:
            b = replace(b, shape=tuple(d if agree(d, e, facts) else e for d, e in zip(a.shape, b.shape, strict=True)))
        return a if a == b else join_elem(a, b)
    if isinstance(a, List) and isinstance(b, List):
        return a if b.elem is None else b if a.elem is None else List(join_types(a.elem, b.elem))
    raise NoJoin(f"{a} in one branch and {b} in the other")


def alternatives(joined: dict[Var, frozenset[Type]], atom: Atom) -> frozenset[Type]:
    """The types that a number may have, by what is noted of those that paths disagree about."""
    return joined.get(atom, frozenset({atom.type})) if isinstance(atom, Var) else frozenset({atom.type})


def _join_scalars(a: Scalar, b: Scalar) -> Scalar:
    if a.py != b.py:
        strong, weak = (b, a) if a.py else (a, b)
        weaker = "biufc".index(np.dtype(weak.dtype).kind) <= "biufc".index(np.dtype(strong.dtype).kind)
        return Scalar(strong.dtype if weaker else str(np.result_type(a.dtype, b.dtype)))
    return Scalar(str(np.result_type(a.dtype, b.dtype)), a.py)


def widen(atom: Atom, t: Type) -> Atom:
    """A constant as a constant of the joined type: ``s = 0`` before ``s += 0.5`` is 0.0."""
    if isinstance(atom, Const) and isinstance(t, Scalar) and type(atom.value) is int and np.dtype(t.dtype).kind == "f":
        return const(float(atom.value))
    if isinstance(atom, Const) and atom.value is UNDEF:
        return undef(t)
    return atom
