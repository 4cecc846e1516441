"""Algebraic identities that are exact in floating point, for adjoint and tangent operations (a literal factor of a quotient
of numbers may be multiplied earlier than it was).

Before::                                              After::

    g = np.broadcast_to(1.0, x.shape)                     x_bar = np.multiply(2.0, x)
    t = np.multiply(g, x)
    x_bar = np.add(t, t)

    B1 = setview(B, 0.0, p); B2 = addview(B1, e, p)       B2 = setview(B, e, p)         if nothing else reads B1
    S1 = addview(S, np.negative(e), p)                    S1 = subview(S, e, p)

The value is never touched: primal operations stay as the user wrote them. ``smul`` and ``sdiv`` are never merged.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ir import dims
from ..ir.build import const
from ..ir.core import Arg, Atom, Const, Index, Op, Path, Reshape, Transpose, Var
from ..ir.structural import path_type
from ..ir.types import INT, Array, Scalar, Type, dtype_of
from ..transform.reverse_views import covers, repeats
from .cse import key_of
from .fold import is_literal, stands_for

if TYPE_CHECKING:
    from .simplify import Rewrite, Simplifier

__all__ = ["RULES"]

PRODUCTS = ("np.multiply", "np.divide", "smul", "sdiv")
ZEROS = ("np.zeros_like", "np.zeros")


# -- questions ---------------------------------------------------------------------------------------------------------


def _shape(t: Type) -> object:
    return t.shape if isinstance(t, Array) else ()


def _is(x: Arg, value: float) -> bool:
    return is_literal(x) and x.value == value and not isinstance(x.value, bool)


def _stretched(s: Simplifier, x: Arg, out: Var) -> Atom | None:
    """The value that was broadcast to the whole shape of ``out``."""
    made = s.made_by(x, "np.broadcast_to")
    return made.args[0] if made is not None and _shape(made.outs[0].type) == _shape(out.type) else None


def _negated(s: Simplifier, x: Arg, *, shared: bool = False) -> Atom | None:
    """``e`` if ``x`` is -e: a negation, or a product with one that nobody else reads (or, if ``shared``, anybody)."""
    made = s.made_by(x, "np.negative", *PRODUCTS)
    if made is None:
        return None
    if made.name == "np.negative":
        return made.args[0]
    if not shared and not s.once(x):
        return None
    for k in (0, 1):
        positive = _opposite(s, made.args[k])
        if positive is not None and (made.name == "np.multiply" or k == 0):
            args = (positive, made.args[1]) if k == 0 else (made.args[0], positive)
            return s.emit(made.name, *args, type=made.outs[0].type)
    return None


def _opposite(s: Simplifier, x: Arg) -> Atom | None:
    """``e`` if ``x`` is -e or a negative literal."""
    if is_literal(x):
        return const(-x.value) if x.value < 0 else None
    return _negated(s, x)


# -- products and sums -------------------------------------------------------------------------------------------------


def _multiply(s: Simplifier, op: Op) -> Atom | None:
    a, b = op.args
    out = op.outs[0]
    for factor, other in ((a, b), (b, a)):
        if is_literal(factor) and stands_for(other, out) and (made := _scaled(s, factor.value, other, out)) is not None:
            return made
    if (rest := _uncancelled(s, op)) is not None:
        return rest
    return _unstretch(s, op, both=True)


def _scaled(s: Simplifier, factor: float, x: Atom, out: Var) -> Atom | None:
    """``factor * x`` where that is simpler: a factor of 1, -1 or 0, a negation, or another power of two in ``x``."""
    if factor == 1.0:
        return x
    if factor == -1.0:
        return s.emit("np.negative", x, type=out.type)
    if factor == 0.0 and isinstance(x.type, Scalar):
        return const(0.0)
    negated = s.made_by(x, "np.negative")
    if negated is not None:
        return s.emit("np.multiply", const(-factor), negated.args[0], type=out.type)
    if not s.once(x):
        return None
    quotient = _into_numerator(s, factor, x)
    if quotient is not None:
        return quotient
    return _absorbed(s, factor, x) if _is_power_of_two(factor) else _merged_factors(s, factor, x)


def _merged_factors(s: Simplifier, factor: float, x: Arg) -> Atom | None:
    """``factor * (c * rest)`` as ``(factor * c) * rest``, if one of the literals is a power of two: that loses nothing."""
    made = s.made_by(x, "np.multiply")
    for inner, rest in () if made is None else (made.args, made.args[::-1]):
        if is_literal(inner) and made is not None and stands_for(rest, made.outs[0]):
            merged = float(factor * inner.value)
            if math.isfinite(merged) and (_is_power_of_two(factor) or _is_power_of_two(inner.value)):
                return s.emit("np.multiply", const(merged), rest, type=made.outs[0].type)
    return None


def _into_numerator(s: Simplifier, factor: float, x: Atom) -> Atom | None:
    """``a / b * factor`` of numbers as ``factor * a / b``, which is rounded no more often."""
    made = s.made_by(x, "np.divide")
    if made is None or not all(isinstance(a.type, Scalar) for a in made.args) or not isinstance(made.outs[0].type, Scalar):
        return None
    a, b = made.args
    if is_literal(a):
        numerator = float(factor * a.value)
        return s.emit("np.divide", const(numerator), b, type=x.type) if numerator.is_integer() else None
    if a.type != x.type or not math.isfinite(factor):
        return None
    return s.emit("np.divide", s.emit("np.multiply", const(float(factor)), a, type=a.type), b, type=x.type)


def _absorbed(s: Simplifier, factor: float, x: Arg) -> Atom | None:
    """``factor * x``, for a power of two, where a literal or a number inside the product ``x`` can take it up."""
    made = s.made_by(x, "np.multiply", "np.divide")
    if made is None or (merged := _merged_factors(s, factor, x)) is not None:
        return None if made is None else merged
    a, b = made.args
    t = made.outs[0].type
    for inner, rest in ((a, b), (b, a)) if made.name == "np.multiply" else ():
        if isinstance(t, Array) and isinstance(inner.type, Scalar) and isinstance(inner, Var):
            return s.emit("np.multiply", s.emit("np.multiply", const(factor), inner, type=inner.type), rest, type=t)
    taken = _absorbed(s, factor, a) if s.once(a) else None
    return None if taken is None else s.emit(made.name, taken, b, type=t)


def _is_power_of_two(x: float) -> bool:
    return x != 0.0 and abs(math.frexp(x)[0]) == 0.5


def _divide(s: Simplifier, op: Op) -> Atom | None:
    a, b = op.args
    if _is(b, 1.0) and stands_for(a, op.outs[0]):
        return a
    if (rest := _cancelled(s, op)) is not None:
        return rest
    return _unstretch(s, op, both=False)


def _cancelled(s: Simplifier, op: Op) -> Atom | None:
    """``c * y / y`` of a square root y is c, also where y is 0: the adjoint of ``np.sqrt(x) ** 2`` has no singularity."""
    product, divisor = op.args
    if s.made_by(divisor, "np.sqrt") is None:
        return None
    rest = _without(s, product, divisor)
    return rest if rest is not None and stands_for(rest, op.outs[0]) else None


def _uncancelled(s: Simplifier, op: Op) -> Atom | None:
    """``c * y * (x / y)`` of a norm or a square root y is ``c * x``, also where y is 0: ``norm(x) ** 2`` has no singularity."""
    for k in (0, 1):
        made = s.made_by(op.args[k], "rt.ratio", "np.divide", "sdiv")
        if made is None or (made.name != "rt.ratio" and s.made_by(made.args[1], "np.sqrt") is None):
            continue
        rest = _without(s, op.args[1 - k], made.args[1])
        if rest is not None:
            plain = s.emit(op.name, *((made.args[0], rest) if k == 0 else (rest, made.args[0])))
            return plain if stands_for(plain, op.outs[0]) else None
    return None


def _without(s: Simplifier, product: Arg, factor: Arg) -> Atom | None:
    """The product without one of its factors; None if that is not among them."""
    if product is factor:
        return const(1.0)
    seen, same = s.made_by(product, "view", "np.expand_dims"), s.made_by(factor, "view", "np.expand_dims")
    if seen is not None and same is not None and seen.name == same.name and key_of(seen.args[1]) == key_of(same.args[1]):
        inner = _without(s, seen.args[0], same.args[0])  # with the reduced axes put back
        if inner is None or isinstance(inner.type, Scalar):
            return inner
        return s.emit(seen.name, inner, seen.args[1]) if _shape(inner.type) == _shape(seen.args[0].type) else None
    made = s.made_by(product, "np.multiply", "smul", "np.divide", "sdiv")
    if made is None:
        return None
    for k in (0, 1) if made.name in ("np.multiply", "smul") else (0,):
        other = made.args[1 - k]
        if made.args[k] is factor and made.name in ("np.multiply", "smul"):
            return other
        if (rest := _without(s, made.args[k], factor)) is not None:
            return s.emit(made.name, *((rest, other) if k == 0 else (other, rest)))
    return None


def _unstretch(s: Simplifier, op: Op, *, both: bool) -> Atom | None:
    """``bcast(s) * u`` is ``s * u`` where that has the full shape; ``bcast(s) * t`` of a scalar t is ``bcast(s * t)``."""
    out = op.outs[0]
    for k in (0, 1) if both else (0,):
        small = _stretched(s, op.args[k], out)
        if small is None:
            continue
        other = op.args[1 - k]
        weak = isinstance(other.type, Scalar) and other.type.py
        if not weak and dtype_of(other.type) != dtype_of(out.type):  # the stretched one widens the other
            continue
        args = (small, other) if k == 0 else (other, small)
        if _fill(s, small, other, out):
            return s.emit(op.name, *args)
        if isinstance(other.type, Scalar):
            return _stretch_like(s, op.args[k], s.emit(op.name, *args), out)
    return None


def _fill(s: Simplifier, a: Arg, b: Arg, out: Var) -> bool:
    """Whether an operation on ``a`` and ``b`` as they are has the shape of ``out``: one of them has each of its lengths."""
    t = out.type
    if not isinstance(t, Array):
        return False
    shapes = [x.type.shape[::-1] for x in (b, a) if isinstance(x.type, Array)]
    return all(any(k < len(shape) and dims.meet(shape[k], d, s.facts) == "eq" for shape in shapes)
               for k, d in enumerate(t.shape[::-1]))


def _stretch_like(s: Simplifier, x: Arg, small: Atom, out: Var) -> Atom:
    """``small`` broadcast as ``x`` is."""
    made = s.made_by(x, "np.broadcast_to")
    assert made is not None
    return s.emit("np.broadcast_to", small, made.args[1], type=out.type)


def _add(s: Simplifier, op: Op) -> Atom | None:
    a, b = op.args
    out = op.outs[0]
    for zero, other in ((a, b), (b, a)):
        if (_is(zero, 0.0) or s.made_by(zero, *ZEROS)) and stands_for(other, out):
            return other
    if a is b and isinstance(a, Var) and np.dtype(out.type.dtype).kind == "f":  # type: ignore[union-attr]
        twice = _absorbed(s, 2.0, a) if s.uses[a] <= 2 else None
        return s.emit("np.multiply", const(2.0), a, type=out.type) if twice is None else twice
    if (e := _negated(s, b)) is not None:
        return s.emit("np.subtract", a, e, type=out.type)
    if (e := _negated(s, a)) is not None:
        return s.emit("np.subtract", b, e, type=out.type)
    return _unstretch(s, op, both=True)


def _subtract(s: Simplifier, op: Op) -> Atom | None:
    a, b = op.args
    if _is(b, 0.0) and stands_for(a, op.outs[0]):
        return a
    if (e := _negated(s, b)) is not None:
        return s.emit("np.add", a, e, type=op.outs[0].type)
    return None


def _negative(s: Simplifier, op: Op) -> Atom | None:
    if is_literal(op.args[0]):
        return const(-op.args[0].value)
    if (e := _negated(s, op.args[0], shared=True)) is not None:
        return e
    small = _stretched(s, op.args[0], op.outs[0])
    return None if small is None else _stretch_like(s, op.args[0], s.emit("np.negative", small), op.outs[0])


def _product(s: Simplifier, op: Op) -> Atom | None:
    """``smul(bcast(s), u)``: the guard looks at the small operand."""
    if (rest := _cancelled(s, op) if op.name == "sdiv" else _uncancelled(s, op)) is not None:
        return rest
    g, p = op.args
    small = _stretched(s, g, op.outs[0])
    return s.emit(op.name, small, p) if small is not None and _fill(s, small, p, op.outs[0]) else None


def _where(s: Simplifier, op: Op) -> Atom | None:
    """A value is not stretched where the condition has the full shape."""
    cond, *sides = op.args
    out = op.outs[0]
    if not isinstance(cond, Var) or _shape(cond.type) != _shape(out.type):
        return None
    plain = [x if (small := _stretched(s, x, out)) is None else small for x in sides]
    return None if plain == sides else s.emit("np.where", cond, *plain)


def _sum(s: Simplifier, op: Op) -> Atom | None:
    """The sum of a broadcast number is a multiple of it; a sum of negatives is negated once."""
    x, *options = op.args
    if (e := _negated(s, x)) is not None and s.once(x):
        return s.emit("np.negative", s.emit("np.sum", e, *options, type=op.outs[0].type))
    made = s.made_by(x, "np.broadcast_to")
    whole = all(isinstance(a, Const) and (a.value is None or a.value is False) for a in options)
    if made is None or not whole or isinstance(made.args[0].type, Array):
        return None
    return s.emit("np.multiply", made.args[0], s.emit("size", _shape_source(s, made)))


def _shape_source(s: Simplifier, stretched: Op) -> Arg:
    """The variable to whose shape a value was broadcast, if that can be seen; else the result."""
    shape, out = stretched.args[1], stretched.outs[0]
    if isinstance(shape, tuple):
        reads = [s.made_by(d, "dim") for d in shape]
        sources = {d.args[0] for d in reads if d is not None and _is(d.args[1], reads.index(d))}
        found = sources.pop() if len(sources) == 1 and None not in reads else out
    else:
        whole = s.made_by(shape, "shape")
        found = out if whole is None else whole.args[0]
    return found if _shape(found.type) == _shape(out.type) else out


# -- writes ------------------------------------------------------------------------------------------------------------


def _setview(s: Simplifier, op: Op) -> Atom | None:
    storage, value, path = op.args
    read = s.made_by(value, "view")
    if read is not None and read.args[0] is storage and not repeats(path) and key_of(read.args[1]) == key_of(path):
        return storage
    return _small_value(s, op)


def _small_value(s: Simplifier, op: Op) -> Atom | None:
    """A write broadcasts: ``setview(S, bcast(s), p)`` is ``setview(S, s, p)``."""
    storage, value, path = op.args
    made = s.made_by(value, "np.broadcast_to")
    if made is None or dtype_of(made.args[0].type) != dtype_of(op.outs[0].type):
        return None
    return s.emit(op.name, storage, made.args[0], path, type=op.outs[0].type)


def _addview(s: Simplifier, op: Op) -> Atom | None:
    storage, value, path = op.args
    out = op.outs[0]
    if (e := _negated(s, value)) is not None:
        return s.emit("subview", storage, e, path, type=out.type)
    zeros = s.made_by(storage, *ZEROS)
    if zeros is not None and _is_whole(path) and stands_for(value, out):
        return value
    if zeros is not None and (made := _refilled(s, zeros, value, path)) is not None:
        return made
    once_each = not repeats(path) or _distinct(s, path)
    if once_each and zeros is not None:
        return s.emit("setview", storage, value, path, type=out.type)
    if once_each and path.steps and (merged := _merged(s, storage, value, path, 4)) is not None:
        return merged
    return _small_value(s, op)


def _is_whole(path: Path) -> bool:
    """Whether a path is the array itself, as ``[:]`` is."""
    return covers(path) and all(isinstance(step, Index) and None not in step.items for step in path.steps)


def _refilled(s: Simplifier, zeros: Op, value: Atom, path: Path) -> Atom | None:
    """What a write of ``value`` to all elements, in another shape, makes of zeros: ``value`` in the shape of the zeros."""
    out, step = zeros.outs[0], path.steps[0] if len(path.steps) == 1 else None
    if not isinstance(step, (Transpose, Reshape)) or zeros.name != "np.zeros_like" or not isinstance(out.type, Array):
        return None
    seen = path_type(out.type, path, s.facts)
    if not isinstance(seen, Array) or not isinstance(value.type, Array) or seen.shape != value.type.shape:
        return None
    if isinstance(step, Transpose):
        back: Transpose | Reshape = Transpose(tuple(sorted(range(len(step.perm)), key=step.perm.__getitem__)))
    else:
        like = zeros.args[0]
        back = Reshape(tuple(const(d) if isinstance(d, int) else s.emit("dim", like, const(k), type=INT, sym=d)
                             for k, d in enumerate(out.type.shape)))
    made = s.emit("view", value, Path((back,)))
    return made if stands_for(made, out) else None


def _merged(s: Simplifier, storage: Arg, value: Atom, path: Path, depth: int) -> Atom | None:
    """``value`` added at ``path`` together with what was written there just before: additions commute.

    ``S1 = addview(S, a, p); S2 = addview(S1, c, q); addview(S2, b, p)`` is ``addview(addview(S, c, q), a + b, p)``.
    """
    made = s.made_by(storage, "setview", "addview", "subview")
    if made is None or not s.once(storage) or depth == 0:
        return None
    base, written, place = made.args
    t = made.outs[0].type
    if key_of(place) == key_of(path):
        if made.name == "setview" and _is(written, 0.0):
            return s.emit("setview", base, value, path, type=t)
        a, b = written.type, value.type
        if isinstance(written, Const) or dtype_of(a) != dtype_of(b) or _shape(a) != _shape(b):
            return None
        total = s.emit("np.subtract" if made.name == "subview" else "np.add", value, written)
        return s.emit("addview" if made.name == "subview" else made.name, base, total, path, type=t)
    if made.name == "setview" or (inner := _merged(s, base, value, path, depth - 1)) is None:
        return None
    return s.emit(made.name, inner, written, place, type=t)


def _distinct(s: Simplifier, path: Path) -> bool:
    """Whether one of the index arrays is ``np.arange(n)``, so that no element is selected twice."""
    items = [i for step in path.steps if isinstance(step, Index) for i in step.items]
    return any(s.made_by(i, "np.arange") for i in items)


def _subview(s: Simplifier, op: Op) -> Atom | None:
    storage, value, path = op.args
    if (e := _negated(s, value)) is not None:
        return s.emit("addview", storage, e, path, type=op.outs[0].type)
    return _small_value(s, op)


RULES: dict[str, Rewrite] = {
    "np.multiply": _multiply, "np.divide": _divide, "np.add": _add, "np.subtract": _subtract, "np.negative": _negative,
    "smul": _product, "sdiv": _product, "np.sum": _sum, "np.where": _where, "setview": _setview, "addview": _addview,
    "subview": _subview,
}
