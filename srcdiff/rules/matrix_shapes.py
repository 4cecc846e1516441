"""Shapes of results of linear algebra; as in :mod:`srcdiff.rules.shapes`, one small function for each way."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import InternalError, UnsupportedError
from ..ir import dims
from ..ir.core import Arg
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, Scalar, Type
from ..runtime import LETTERS
from .shapes import Shape, array_type, axes_in, axis_in, broadcast, elements, reduced, shape_of, static


def matmul(facts: Facts, a: Arg, b: Arg) -> Shape:
    left, right = shape_of(a, facts), shape_of(b, facts)
    if not left or not right:
        raise UnsupportedError("matmul of a scalar", advice="write * instead of @")
    dims.match(left[-1], right[-2 if len(right) > 1 else -1], facts)
    batch = broadcast(facts, left[:-2], right[:-2])
    return batch + left[-2:-1] * (len(left) > 1) + right[-1:] * (len(right) > 1)


def dot(facts: Facts, a: Arg, b: Arg) -> Shape:
    left, right = shape_of(a, facts), shape_of(b, facts)
    if not left or not right:
        return left or right
    dims.match(left[-1], right[-2 if len(right) > 1 else -1], facts)
    return left[:-1] + right[:-2] + right[-1:] * (len(right) > 1)


def inner(facts: Facts, a: Arg, b: Arg) -> Shape:
    left, right = shape_of(a, facts), shape_of(b, facts)
    if not left or not right:
        return left or right
    dims.match(left[-1], right[-1], facts)
    return left[:-1] + right[:-1]


def vdot(facts: Facts, a: Arg, b: Arg) -> Shape:
    dims.match(dims.product(shape_of(a, facts)), dims.product(shape_of(b, facts)), facts)
    return ()


def outer(facts: Facts, a: Arg, b: Arg) -> Shape:
    return (dims.product(shape_of(a, facts)), dims.product(shape_of(b, facts)))


def cross(facts: Facts, a: Arg, b: Arg, axisa: Arg, axisb: Arg, axisc: Arg) -> Shape:
    """Of vectors with three components."""
    left, right = list(shape_of(a, facts)), list(shape_of(b, facts))
    del left[axis_in(axisa, len(left))], right[axis_in(axisb, len(right))]
    result = list(broadcast(facts, tuple(left), tuple(right)))
    result.insert(axis_in(axisc, len(result) + 1), 3)
    return tuple(result)


def vecdot(facts: Facts, a: Arg, b: Arg, axis: Arg) -> Shape:
    left, right = list(shape_of(a, facts)), list(shape_of(b, facts))
    dims.match(left.pop(axis_in(axis, len(left))), right.pop(axis_in(axis, len(right))), facts)
    return broadcast(facts, tuple(left), tuple(right))


def matvec(facts: Facts, a: Arg, b: Arg) -> Shape:
    matrix, vector = matrix_shape(facts, a), shape_of(b, facts)
    dims.match(matrix[-1], vector[-1], facts)
    return (*broadcast(facts, matrix[:-2], vector[:-1]), matrix[-2])


def vecmat(facts: Facts, a: Arg, b: Arg) -> Shape:
    vector, matrix = shape_of(a, facts), matrix_shape(facts, b)
    dims.match(vector[-1], matrix[-2], facts)
    return (*broadcast(facts, vector[:-1], matrix[:-2]), matrix[-1])


def multi_dot(facts: Facts, arrays: Arg) -> Shape:
    types = elements(arrays, facts)
    if types is None:
        raise UnsupportedError("np.linalg.multi_dot of a list of unknown length", advice="multiply in a loop")
    shapes = [t.shape if isinstance(t, Array) else () for t in types]
    for left, right in pairwise(shapes):
        dims.match(left[-1], right[0], facts)
    return shapes[0][:-1] + shapes[-1][1:]


def tensordot(facts: Facts, a: Arg, b: Arg, axes: Arg) -> Shape:
    left, right = shape_of(a, facts), shape_of(b, facts)
    gone_left, gone_right = contracted(static(axes, "axes"), len(left), len(right))
    for one, two in zip(gone_left, gone_right, strict=True):
        dims.match(left[one], right[two], facts)
    return (*(d for k, d in enumerate(left) if k not in gone_left), *(d for k, d in enumerate(right) if k not in gone_right))


def contracted(axes: Any, left: int, right: int) -> tuple[list[int], list[int]]:
    """The axes that ``np.tensordot`` sums over, of each operand."""
    if isinstance(axes, int | np.integer):
        return list(range(left - axes, left)), list(range(axes))
    one, two = ([int(k)] if isinstance(k, int | np.integer) else [int(n) for n in k] for k in axes)
    return [k % left for k in one], [k % right for k in two]


def explicit_subscripts(text: str, ranks: list[int]) -> str:
    """``text`` with its output written out, and letters for the axes that an ellipsis stands for.

    >>> explicit_subscripts("...ij,jk", [4, 2]), explicit_subscripts("ii", [2])
    ('abij,jk->abik', 'ii->')
    """
    inputs, arrow, output = text.replace(" ", "").partition("->")
    terms = inputs.split(",")
    unused = [letter for letter in LETTERS if letter not in text]
    hidden = [rank - len(t) + 3 if "..." in t else 0 for t, rank in zip(terms, ranks, strict=False)]
    dots = "".join(unused[:max([0, *hidden])])
    if not arrow:
        output = "..." + "".join(sorted(c for c in set(inputs) - set(".,") if inputs.count(c) == 1))
    terms = [t.replace("...", dots[len(dots) - n:]) for t, n in zip(terms, hidden, strict=False)]
    return ",".join(terms) + "->" + output.replace("...", dots)


def einsum(facts: Facts, subscripts: Arg, operands: Arg, optimize: Arg) -> Shape | Array:
    """Shape by letter; a size-1 dimension gives way to the others."""
    text = static(subscripts, "the subscripts of np.einsum").replace(" ", "")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if not arrow or "..." in text:
        raise InternalError(f"the subscripts {text!r} have not been made explicit")
    shapes = [shape_of(operand, facts) for operand in operands]
    if [len(t) for t in terms] != [len(s) for s in shapes]:
        raise UnsupportedError(f"the subscripts {text!r} do not fit the operands")
    sizes: dict[str, DimLike] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, d in zip(term, shape, strict=True):
            sizes[letter] = broadcast(facts, (sizes.get(letter, d),), (d,))[0]
    if not output and static(optimize, "optimize"):
        samples = [np.ones((2,) * len(t), array_type(o, facts).dtype) for t, o in zip(terms, operands, strict=True)]
        found = np.einsum(text, *samples, optimize=static(optimize, "optimize"))
        if isinstance(found, np.ndarray):  # the last product is np.tensordot's
            return Array(str(found.dtype), (), "C")
    return tuple(sizes[letter] for letter in output)


def matrix_shape(facts: Facts, a: Arg) -> Shape:
    shape = shape_of(a, facts)
    if len(shape) < 2:
        raise UnsupportedError(f"a matrix is needed, but the argument has {len(shape)} dimension{'s' * (len(shape) != 1)}")
    return shape


def square_matrix(facts: Facts, a: Arg, **_: Arg) -> Shape:
    shape = matrix_shape(facts, a)
    dims.match(shape[-2], shape[-1], facts)
    return shape


def determinant(facts: Facts, a: Arg) -> Shape:
    return square_matrix(facts, a)[:-2]


def slogdet(facts: Facts, a: Arg) -> tuple[Type, Type]:
    t = array_type(a, facts)
    shape = determinant(facts, a)
    dtype = t.dtype if np.dtype(t.dtype).kind in "fc" else "float64"
    dtypes = dtype, str(np.ones(0, dtype).real.dtype)  # the logarithm is real
    sign, logarithm = (Array(d, shape, "C") if shape else Scalar(d) for d in dtypes)
    return sign, logarithm


def solve(facts: Facts, a: Arg, b: Arg) -> Shape:
    matrix, right = square_matrix(facts, a), shape_of(b, facts)
    dims.match(matrix[-1], right[-2 if len(right) > 1 else -1], facts)
    if len(right) == 1:
        return matrix[:-1]
    return broadcast(facts, matrix[:-2], right[:-2]) + right[-2:]


def matrix_only(facts: Facts, a: Arg, what: str) -> Shape:
    shape = shape_of(a, facts)
    if len(shape) != 2:
        raise UnsupportedError(f"{what} is supported for matrices only, not for {len(shape)} dimensions")
    return shape


def trace(facts: Facts, a: Arg, offset: Arg, axis1: Arg, axis2: Arg) -> Shape:
    return diagonal(facts, a, offset, axis1, axis2)[:-1]


def diagonal(facts: Facts, a: Arg, offset: Arg, axis1: Arg, axis2: Arg) -> Shape:
    shape = matrix_shape(facts, a)
    one, two = axis_in(axis1, len(shape)), axis_in(axis2, len(shape))
    rest = tuple(d for k, d in enumerate(shape) if k not in (one, two))
    return (*rest, _diagonal_length(shape[one], shape[two], static(offset, "offset")))


def _diagonal_length(rows: DimLike, cols: DimLike, offset: int) -> DimLike:
    if isinstance(rows, int) and isinstance(cols, int):
        return max(min(rows + min(offset, 0), cols - max(offset, 0)), 0)
    if rows == cols:
        return dims.clip0(dims.sub(rows, abs(offset)))
    return dims.runtime_sym(f"diag({rows}, {cols}, {offset})")


def diag(facts: Facts, v: Arg, k: Arg) -> Shape:
    shape, offset = shape_of(v, facts), static(k, "k")
    if len(shape) == 1:
        n = dims.add(shape[0], abs(offset))
        return (n, n)
    rows, cols = matrix_only(facts, v, "np.diag")
    return (_diagonal_length(rows, cols, offset),)


def norm(facts: Facts, x: Arg, ord: Arg, axis: Arg, keepdims: Arg) -> Shape:
    rank = len(shape_of(x, facts))
    kind = static(ord, "ord of np.linalg.norm")
    axes = axes_in(axis, rank)
    vector = len(axes) == 1 and isinstance(kind, int | float)
    matrix = len(axes) == 2 and (kind in ("fro", "nuc") or kind in (1, -1, 2, -2, np.inf, -np.inf))
    if not (kind is None or vector or matrix) or (static(axis, "axis") is not None and len(axes) > 2):
        raise UnsupportedError(f"np.linalg.norm with ord={kind!r} over {len(axes)} axes",
                               advice="supported: any norm of vectors, and 'fro', 'nuc', 1, -1, 2, -2, inf, -inf of matrices")
    if not (kind is None or kind == "fro" or (vector and kind == 2)) and np.dtype(array_type(x, facts).dtype).kind == "c":
        raise UnsupportedError(f"np.linalg.norm of complex numbers with ord={kind!r}", advice="take the norm of np.abs(x)")
    return reduced(facts, x, axis, keepdims)
