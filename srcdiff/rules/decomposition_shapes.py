"""Shapes of results of decompositions and of least squares; as in :mod:`srcdiff.rules.shapes`."""

from __future__ import annotations

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.core import Arg, Const
from ..ir.dims import DimLike, Facts
from ..ir.types import Array, Scalar, Type
from .matrix_shapes import matrix_shape, square_matrix
from .shapes import Shape, array_type, shape_of, static


def floating(arg: Arg, facts: Facts, what: str) -> str:
    dtype = np.dtype(array_type(arg, facts).dtype)
    if dtype.kind == "c":
        raise UnsupportedError(f"{what} of complex matrices is not supported")
    return str(dtype) if dtype.kind == "f" else "float64"


def smaller(m: DimLike, n: DimLike, facts: Facts) -> DimLike:
    """The smaller of two dimensions; which of them it is becomes a fact."""
    if m == n:
        return m
    a, b = dims.hint_of(m), dims.hint_of(n)
    if a is None or b is None or any(isinstance(d, dims.Dim) and d.assumed for d in (m, n)):
        raise UnsupportedError("a decomposition of a matrix that may have more rows or more columns",
                               advice="decompose it in a function of its own, or its product with its transpose")
    if not (isinstance(m, int) and isinstance(n, int)):
        facts.assume(f"{m} >= {n}" if a >= b else f"{m} < {n}")
    return n if a >= b else m


def eigenpairs(facts: Facts, a: Arg, **_: Arg) -> tuple[Type, Type]:
    shape = square_matrix(facts, a)
    dtype = floating(a, facts, "an eigendecomposition")
    return Array(dtype, shape[:-1], "C"), Array(dtype, shape, "A")


def eigenvalues(facts: Facts, a: Arg, **_: Arg) -> Shape:
    floating(a, facts, "the eigenvalues")
    return square_matrix(facts, a)[:-1]


def qr(facts: Facts, a: Arg, mode: Arg) -> tuple[Type, Type]:
    shape = matrix_shape(facts, a)
    if static(mode, "mode of np.linalg.qr") != "reduced":
        raise UnsupportedError("np.linalg.qr in another mode than 'reduced' or 'r'")
    dtype = floating(a, facts, "a QR decomposition")
    k = smaller(shape[-2], shape[-1], facts)
    return Array(dtype, (*shape[:-1], k), "A"), Array(dtype, (*shape[:-2], k, shape[-1]), "A")


def svd(facts: Facts, a: Arg, full_matrices: Arg, **_: Arg) -> tuple[Type, ...]:
    shape = matrix_shape(facts, a)
    dtype = floating(a, facts, "a singular value decomposition")
    *batch, m, n = shape
    k = smaller(m, n, facts)
    full = static(full_matrices, "full_matrices of np.linalg.svd")
    return (Array(dtype, (*batch, m, m if full else k), "A"), Array(dtype, (*batch, k), "C"),
            Array(dtype, (*batch, n if full else k, n), "A"))


def singular_values(facts: Facts, x: Arg) -> Shape:
    floating(x, facts, "the singular values")
    shape = matrix_shape(facts, x)
    return (*shape[:-2], smaller(shape[-2], shape[-1], facts))


def pseudo_inverse(facts: Facts, a: Arg, **_: Arg) -> Shape:
    floating(a, facts, "a pseudo-inverse")
    shape = matrix_shape(facts, a)
    return (*shape[:-2], shape[-1], shape[-2])


def least_squares(facts: Facts, a: Arg, b: Arg, **_: Arg) -> tuple[Type, ...]:
    matrix, right = shape_of(a, facts), shape_of(b, facts)
    if len(matrix) != 2 or len(right) not in (1, 2):
        raise UnsupportedError("np.linalg.lstsq needs a matrix and a vector or matrix")
    dims.match(matrix[0], right[0], facts)
    dtype = str(np.result_type(floating(a, facts, "least squares"), floating(b, facts, "least squares")))
    sums = Array(dtype, (dims.runtime_sym(f"residuals({getattr(a, 'uid', a)}, {getattr(b, 'uid', b)})"),), "C")
    values = Array(dtype, (smaller(matrix[0], matrix[1], facts),), "C")
    return Array(dtype, (matrix[1], *right[1:]), "A"), sums, Scalar("int32"), values


def rank(facts: Facts, A: Arg, **_: Arg) -> Shape:
    return matrix_shape(facts, A)[:-2]


def density(facts: Facts, x: Arg, mean: Arg, cov: Arg, **_: Arg) -> Shape:
    """Of points in rows, or of one point; of a single one SciPy gives a number."""
    points, matrix = shape_of(x, facts), shape_of(cov, facts)
    centre = matrix[:1] if isinstance(mean, Const) and mean.value is None else shape_of(mean, facts)
    if len(points) not in (1, 2) or len(centre) != 1 or len(matrix) != 2:
        raise UnsupportedError("a normal density of other than points in rows, a vector as mean and a matrix as cov",
                               advice="x of shape (n, d) or (d,), mean of shape (d,), cov of shape (d, d)")
    if facts.is_one(matrix[0]) is not facts.is_one(points[-1]):
        raise UnsupportedError("a normal density of points that are broadcast to the dimension of cov",
                               advice="give x as many columns as cov has")
    for size in (matrix[0], matrix[1], points[-1]):
        dims.match(size, centre[0], facts)
    if len(points) == 1:
        return ()
    one = facts.is_one(points[0])
    if one is None:
        raise UnsupportedError("a normal density of a number of points that only the run knows")
    return () if one else points[:1]
