"""Shapes of results of decompositions and of least squares; as in :mod:`srcdiff.rules.shapes`."""

from __future__ import annotations

import numpy as np

from ..errors import UnsupportedError
from ..ir import dims
from ..ir.build import const
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
    if (way := static(mode, "mode of np.linalg.qr")) not in ("reduced", "complete"):
        raise UnsupportedError(f"np.linalg.qr with mode={way!r}", advice="mode='reduced' (the default), 'complete' or 'r'")
    dtype = floating(a, facts, "a QR decomposition")
    k = _rows(shape, facts) if way == "complete" else smaller(shape[-2], shape[-1], facts)
    return Array(dtype, (*shape[:-1], k), "A"), Array(dtype, (*shape[:-2], k, shape[-1]), "A")


def _rows(shape: Shape, facts: Facts) -> DimLike:
    """The number of rows, where there are no more than columns."""
    rows, columns = shape[-2:]
    if dims.hint_of(rows) == dims.hint_of(columns):
        dims.match(rows, columns, facts)
        return rows
    if smaller(rows, columns, facts) != rows:
        raise UnsupportedError("a complete QR decomposition of a matrix with more rows than columns: the columns that fill up "
                               "the basis could be others", advice="mode='reduced', in SciPy 'economic'")
    return rows


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


def pseudo_inverse(facts: Facts, a: Arg, **_: Arg) -> Array:
    shape = matrix_shape(facts, a)
    return Array(floating(a, facts, "a pseudo-inverse"), (*shape[:-2], shape[-1], shape[-2]), "A")


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


# -- SciPy's -----------------------------------------------------------------------------------------------------------


def _plainly(what: str, advice: str, **options: Arg) -> None:
    """Refuse options that would destroy the argument, or return something else."""
    for name, value in options.items():
        if static(value, name):
            raise UnsupportedError(f"{what} with {name}=True", advice="leave it out" if name == "overwrite_a" else advice)


def _in_some_order(t: Type) -> Type:
    assert isinstance(t, Array)
    return Array(t.dtype, t.shape, "A")


def plain_eigenpairs(facts: Facts, a: Arg, eigvals_only: Arg, overwrite_a: Arg, **_: Arg) -> tuple[Type, Type]:
    _plainly("scipy.linalg.eigh", "scipy.linalg.eigvalsh", eigvals_only=eigvals_only, overwrite_a=overwrite_a)
    values, vectors = eigenpairs(facts, a)
    return _in_some_order(values), vectors


def plain_eigenvalues(facts: Facts, a: Arg, overwrite_a: Arg, **_: Arg) -> Array:
    _plainly("scipy.linalg.eigvalsh", "", overwrite_a=overwrite_a)
    return Array(floating(a, facts, "the eigenvalues"), eigenvalues(facts, a), "A")


def plain_qr(facts: Facts, a: Arg, overwrite_a: Arg, mode: Arg, pivoting: Arg, **_: Arg) -> tuple[Type, Type]:
    _plainly("scipy.linalg.qr", "np.linalg.qr", pivoting=pivoting, overwrite_a=overwrite_a)
    names = {"full": "complete", "economic": "reduced"}
    if (way := static(mode, "mode of scipy.linalg.qr")) not in names:
        raise UnsupportedError(f"scipy.linalg.qr with mode={way!r}", advice="mode='full' (the default) or 'economic'")
    return qr(facts, a, const(names[way]))


def plain_svd(facts: Facts, a: Arg, full_matrices: Arg, compute_uv: Arg, overwrite_a: Arg, **_: Arg) -> tuple[Type, ...]:
    _plainly("scipy.linalg.svd", "", overwrite_a=overwrite_a)
    if not static(compute_uv, "compute_uv"):
        raise UnsupportedError("scipy.linalg.svd with compute_uv=False", advice="scipy.linalg.svdvals")
    u, s, vh = svd(facts, a, full_matrices)
    return u, _in_some_order(s), vh


def plain_singular_values(facts: Facts, a: Arg, overwrite_a: Arg, **_: Arg) -> Array:
    _plainly("scipy.linalg.svdvals", "", overwrite_a=overwrite_a)
    return Array(floating(a, facts, "the singular values"), singular_values(facts, a), "A")


def plain_inverse(facts: Facts, a: Arg, return_rank: Arg, **_: Arg) -> Array:
    _plainly("scipy.linalg.pinv", "np.linalg.matrix_rank", return_rank=return_rank)
    return pseudo_inverse(facts, a)


def lu(facts: Facts, a: Arg, permute_l: Arg, overwrite_a: Arg, p_indices: Arg, **_: Arg) -> tuple[Type, ...]:
    _plainly("scipy.linalg.lu", "p, l, u = scipy.linalg.lu(a)", permute_l=permute_l, overwrite_a=overwrite_a,
             p_indices=p_indices)
    shape = matrix_shape(facts, a)
    if dims.hint_of(shape[-2]) != dims.hint_of(shape[-1]):
        raise UnsupportedError("scipy.linalg.lu of a matrix that is not square")
    made = Array(floating(a, facts, "an LU decomposition"), square_matrix(facts, a), "A")
    return made, made, made


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
