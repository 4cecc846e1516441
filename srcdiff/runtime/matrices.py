"""Adjoints and tangents of linear algebra."""

import numpy as np

from .guards import conjugated, ratio
from .reductions import exclusive_product, expand, max_vjp
from .static import matrix_axes, norm_axes
from .structural import smul

__all__ = ["cholesky_jvp", "cholesky_vjp", "cofactor", "cofactor_jvp", "det_jvp", "det_vjp", "matrix_norm_vjp", "norm_vjp",
           "slogdet_jvp", "solve_jvp_a", "solve_vjp_a", "solve_vjp_b"]


def solve_vjp_b(g, a, b):
    if np.ndim(b) == 1 and np.ndim(a) > 2:  # NumPy takes a right-hand side of more dimensions for a stack of matrices
        return np.squeeze(np.linalg.solve(np.swapaxes(a, -1, -2), np.expand_dims(g, -1)), -1)
    return np.linalg.solve(np.swapaxes(a, -1, -2), g)


def solve_jvp_a(g, a, b, y):
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        return -np.squeeze(np.linalg.solve(a, g @ np.expand_dims(y, -1)), -1)
    return -np.linalg.solve(a, g @ y)


def solve_vjp_a(g, a, b, y):
    """``-w y.T`` where w is the adjoint of b."""
    w = solve_vjp_b(g, a, b)
    if np.ndim(b) == 1:
        return -np.expand_dims(w, -1) * np.expand_dims(y, -2)
    return -(w @ np.swapaxes(y, -1, -2))


def det_vjp(g, a):
    """``g`` times the transposed inverse: the adjoint of the log-determinant."""
    return np.expand_dims(g, (-2, -1)) * np.swapaxes(np.linalg.inv(a), -1, -2)


def det_jvp(g, a):
    return np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * g, axis=(-2, -1))


def slogdet_jvp(d, sign):
    """``d``: the tangent of the logarithm of the determinant."""
    if np.iscomplexobj(sign):
        return sign * (1j * np.imag(d)), np.real(d)
    return np.zeros_like(sign), d


def _singular_values(a):
    """``u, s, v`` with conj(a) = u @ diag(s) @ v.T, and the determinant of conj(u) times that of conj(v)."""
    u, s, vh = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return conjugated(u), s, np.swapaxes(conjugated(vh), -1, -2), sign[..., np.newaxis, np.newaxis]


def cofactor(a):
    """The matrix of cofactors, the gradient of the determinant: det(a) inv(a).T, but also where a is singular."""
    det = np.linalg.det(a)
    if np.all(det != 0.0):
        return det[..., np.newaxis, np.newaxis] * np.swapaxes(np.linalg.inv(a), -1, -2)
    u, s, v, sign = _singular_values(a)
    others = np.moveaxis(exclusive_product(np.moveaxis(s, -1, 0)), 0, -1)
    return sign * ((u * others[..., np.newaxis, :]) @ np.swapaxes(v, -1, -2))


def cofactor_jvp(d, a):
    """The derivative of :func:`cofactor` in the direction d; as a map of d it is its own transpose."""
    u, s, v, sign = _singular_values(a)
    n = s.shape[-1]
    ones = np.eye(n, dtype=bool)
    rows = np.where(ones, 1.0, s[..., np.newaxis, :])  # row i: the singular values without number i
    pairs = np.where(ones, 0.0, np.moveaxis(exclusive_product(np.moveaxis(rows, -1, 0)), 0, -1))  # and without number j
    b = np.swapaxes(u, -1, -2) @ d @ v
    diagonal = np.sum(pairs * np.diagonal(b, axis1=-2, axis2=-1)[..., np.newaxis, :], axis=-1)
    inner = np.where(ones, diagonal[..., np.newaxis], -np.swapaxes(b, -1, -2) * pairs)
    return sign * (u @ inner @ np.swapaxes(v, -1, -2))


def matrix_norm_vjp(g, x, ord, axis, keepdims):
    """Of the largest (or smallest) sum of absolute values of a column (1) or row (inf); ties share equally."""
    if ord in (2, -2, "nuc"):
        return _spectral_norm_vjp(g, x, ord, axis, keepdims)
    within, across = norm_axes(ord, axis)
    sums = np.sum(np.absolute(x), axis=within, keepdims=True)
    extreme = np.max(sums, axis=across, keepdims=True) if ord > 0 else np.min(sums, axis=across, keepdims=True)
    chosen = (sums == extreme).astype(x.dtype)
    whole = g if axis is None or keepdims else np.expand_dims(g, axis)
    return whole * (np.sign(x) * (chosen / np.sum(chosen, axis=across, keepdims=True)))


def _spectral_norm_vjp(g, x, ord, axis, keepdims):
    """Of the largest (2) or smallest (-2) singular value, or of the sum of all."""
    there, here = matrix_axes(axis)
    u, s, vh = np.linalg.svd(np.moveaxis(x, here, there), full_matrices=False)
    if ord == "nuc":
        weights = np.sign(s)
    else:
        extreme = np.max(s, axis=-1, keepdims=True) if ord == 2 else np.min(s, axis=-1, keepdims=True)
        chosen = (s == extreme).astype(x.dtype)
        weights = chosen / np.sum(chosen, axis=-1, keepdims=True)
    if axis is None:
        whole = g
    else:
        whole = np.moveaxis(g, here, there) if keepdims else np.expand_dims(g, there)
    return np.moveaxis(whole * ((u * np.expand_dims(weights, -2)) @ vh), there, here)


def norm_vjp(g, y, x, ord, axis, keepdims):
    """Of the norm of vectors: the extreme absolute values for an infinite ord, else a power mean."""
    if ord == 0:
        return np.zeros_like(x)
    if abs(ord) == np.inf:
        return np.sign(x) * max_vjp(g, y, np.absolute(x), axis, keepdims)
    whole = expand(y, axis, keepdims)
    return smul(expand(g, axis, keepdims), np.sign(x) * np.power(ratio(np.absolute(x), whole), ord - 1))


def _half(m):
    """The lower triangle with half the diagonal: half of a symmetric matrix."""
    return 0.5 * (np.tril(m) + np.tril(m, -1))


def cholesky_vjp(g, y):
    """NumPy reads the lower triangle only, so that is where the adjoint goes."""
    upper = np.swapaxes(y, -1, -2)
    s = np.linalg.solve(upper, _half(upper @ g))
    s = np.swapaxes(np.linalg.solve(upper, np.swapaxes(s, -1, -2)), -1, -2)
    return np.tril(s) + np.tril(np.swapaxes(s, -1, -2), -1)


def cholesky_jvp(g, y):
    s = np.tril(g) + np.swapaxes(np.tril(g, -1), -1, -2)
    s = np.linalg.solve(y, s)
    return y @ _half(np.linalg.solve(y, np.swapaxes(s, -1, -2)))
