"""Constant folding: what Python itself would compute from literals, and conversions that change nothing.

Before::                                  After::

    n = np.subtract(3, 1)                     p = view(x, [2])
    p = view(x, [n])                          s = np.sin(p)
    q = as_scalar(p, float64)
    s = np.sin(q)

Only Python numbers are folded, by Python's own operators: the result is bitwise the one at run time. What would raise or
warn is left alone. Branches on a constant are pruned by the walk itself.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..ir.build import const
from ..ir.core import Atom, Const, Op, Path, Var
from ..ir.types import Array, Scalar

if TYPE_CHECKING:
    from .simplify import Rewrite, Simplifier

__all__ = ["RULES", "is_literal", "same_literal", "stands_for"]

PYTHON: dict[str, Callable[..., Any]] = {
    "np.add": operator.add, "np.subtract": operator.sub, "np.multiply": operator.mul, "np.divide": operator.truediv,
    "np.floor_divide": operator.floordiv, "np.remainder": operator.mod, "np.negative": operator.neg,
    "np.positive": operator.pos, "np.less": operator.lt, "np.less_equal": operator.le,
    "np.greater": operator.gt, "np.greater_equal": operator.ge,
    "np.equal": operator.eq, "np.not_equal": operator.ne, "not": operator.not_,
}


def is_literal(atom: object) -> bool:
    """Whether ``atom`` is a literal number."""
    return isinstance(atom, Const) and type(atom.value) in (bool, int, float)


def same_literal(a: Const, b: Const) -> bool:
    return is_literal(a) and type(a.value) is type(b.value) and repr(a.value) == repr(b.value)


def _compute(s: Simplifier, op: Op) -> Atom | None:
    if not all(map(is_literal, op.args)) or not getattr(op.outs[0].type, "py", False):
        return None
    try:
        return const(PYTHON[op.name](*(a.value for a in op.args)))
    except (ArithmeticError, ValueError):
        return None


def _view(s: Simplifier, op: Op) -> Atom | None:
    storage, path = op.args
    return storage if path == Path() and isinstance(storage, Var) and not op.outs[0].hint else None


def _dim(s: Simplifier, op: Op) -> Atom | None:
    t, axis = op.args[0].type, op.args[1].value
    known = t.shape[axis] if isinstance(t, Array) else None
    return const(known) if isinstance(known, int) else None


def _size(s: Simplifier, op: Op) -> Atom | None:
    t = op.args[0].type
    known = t.size if isinstance(t, Array) else 1 if isinstance(t, Scalar) else None
    return const(known) if isinstance(known, int) else None


def _untuple(s: Simplifier, op: Op) -> Atom | None:
    made = s.made_by(op.args[0], "tuple")
    return None if made is None else made.args[0][op.args[1].value]


def stands_for(x: Atom, out: Var) -> bool:
    """Whether ``x`` has the shape and dtype of ``out``, so that it may replace it in an adjoint."""
    a, b = x.type, out.type
    if isinstance(a, Array) and isinstance(b, Array):
        return a.shape == b.shape and a.dtype == b.dtype and not a.weak
    return isinstance(a, Scalar) and isinstance(b, Scalar) and a.dtype == b.dtype


def _cast(s: Simplifier, op: Op) -> Atom | None:
    x = op.args[0]
    return x if op.role != "primal" and stands_for(x, op.outs[0]) else None


def _as_scalar(s: Simplifier, op: Op) -> Atom | None:
    x, t = op.args[0], op.outs[0].type
    if x.type == t and op.role != "primal":
        return x
    if is_literal(x) and isinstance(t, Scalar) and t.py and t.dtype == "float64":
        return const(float(x.value))
    return None


def _same_shape(s: Simplifier, op: Op) -> Atom | None:
    """``reshape`` and ``broadcast_to`` to the shape that is there."""
    x = op.args[0]
    return x if op.role != "primal" and isinstance(x.type, Array) and stands_for(x, op.outs[0]) else None


def _transpose(s: Simplifier, op: Op) -> Atom | None:
    inner = s.made_by(op.args[0], "np.transpose")
    plain = inner is not None and all(isinstance(o.args[1], Const) and o.args[1].value is None for o in (op, inner))
    return inner.args[0] if inner is not None and plain and op.role != "primal" else None


def _power(s: Simplifier, op: Op) -> Atom | None:
    x, exponent = op.args
    if is_literal(x) and is_literal(exponent) and type(x.value) is type(exponent.value) is int and 0 <= exponent.value < 64:
        return const(x.value ** exponent.value)
    return x if op.role != "primal" and stands_for(x, op.outs[0]) and is_literal(exponent) and exponent.value == 1 else None


RULES: dict[str, Rewrite] = {
    **dict.fromkeys(PYTHON, _compute), "view": _view, "dim": _dim, "size": _size, "untuple": _untuple, "cast": _cast,
    "as_scalar": _as_scalar,
    "np.reshape": _same_shape, "np.broadcast_to": _same_shape, "np.transpose": _transpose, "np.power": _power,
}
