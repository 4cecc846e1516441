"""Adjoints and tangents of decompositions, for stacks of matrices.

After M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); of the QR decomposition after S. F. Walter and L. Lehmann (2010) and D. A. O. Roberts and
L. R. Roberts (2020); of the singular value decomposition after J. Townsend (2016); of the pseudo-inverse after G. H. Golub
and V. Pereyra (1973). Quotients by differences of eigenvalues stay zero where the numerator is: functions that do not
depend on how NumPy chose among equal eigenvalues' vectors have a derivative.
"""

import numpy as np

from .structural import sdiv

__all__ = ["at_least", "eig_jvp", "eig_vjp", "eigh_jvp", "eigh_vjp", "eigvals_jvp", "eigvals_vjp", "eigvalsh_jvp",
           "eigvalsh_vjp", "lstsq_jvp", "lstsq_vjp_a", "lstsq_vjp_b", "lu_jvp", "lu_vjp", "pinv_jvp", "pinv_vjp", "qr_jvp",
           "qr_vjp", "real_eig", "real_eigvals", "steady_pinv", "svd_jvp", "svd_vjp", "svdvals_jvp", "svdvals_vjp"]


def at_least(m, n):
    """``m >= n``; when a function is compiled, decided by its arguments and recorded."""
    return m >= n


def _t(a):
    return np.swapaxes(a, -1, -2)


def _diagonal(a):
    return np.diagonal(a, 0, -2, -1)


def _gaps(w):
    """``w[j] - w[i]`` in row i and column j, 1 on the diagonal, where numerators are zero."""
    return w[..., np.newaxis, :] - w[..., np.newaxis] + np.eye(np.shape(w)[-1], dtype=w.dtype)


def _off_diagonal(a):
    return a * (1.0 - np.eye(np.shape(a)[-1], dtype=a.dtype))


# -- eigenvalues -------------------------------------------------------------------------------------------------------


def _into_triangle(s, UPLO):
    """The adjoint of a symmetric matrix of which NumPy reads one triangle: all of it goes there."""
    if UPLO in ("L", "l"):
        return np.tril(s) + _t(np.triu(s, 1))
    return np.triu(s) + _t(np.tril(s, -1))


def _from_triangle(g, UPLO):
    if UPLO in ("L", "l"):
        return np.tril(g) + _t(np.tril(g, -1))
    return np.triu(g) + _t(np.triu(g, 1))


def eigh_vjp(g_w, g_v, w, v, UPLO):
    inner = sdiv(_off_diagonal(_t(v) @ g_v), _gaps(w))
    return _into_triangle(v @ (inner + _spread(g_w)) @ _t(v), UPLO)


def eigh_jvp(g, w, v, UPLO):
    inner = _t(v) @ _from_triangle(g, UPLO) @ v
    return _diagonal(inner), v @ sdiv(_off_diagonal(inner), _gaps(w))


def eigvalsh_vjp(g, a, UPLO):
    _, v = np.linalg.eigh(a, UPLO)
    return _into_triangle((v * g[..., np.newaxis, :]) @ _t(v), UPLO)


def eigvalsh_jvp(g, a, UPLO):
    _, v = np.linalg.eigh(a, UPLO)
    return np.sum(v * (_from_triangle(g, UPLO) @ v), axis=-2)


def _spread(d):
    """Diagonal matrices of rows."""
    return d[..., np.newaxis] * np.eye(np.shape(d)[-1], dtype=d.dtype)


def real_eig(a):
    """``np.linalg.eig`` of matrices with real eigenvalues."""
    w, v = np.linalg.eig(a)
    if w.dtype.kind == "c":
        raise np.linalg.LinAlgError("a matrix with complex eigenvalues has no derivative here: its dtype depends on its values")
    return w, v


def real_eigvals(a):
    w = np.linalg.eigvals(a)
    if w.dtype.kind == "c":
        raise np.linalg.LinAlgError("a matrix with complex eigenvalues has no derivative here: its dtype depends on its values")
    return w


def eig_vjp(g_w, g_v, w, v):
    """Eigenvectors have length 1: the part of their adjoint along them counts for nothing."""
    product = _t(v) @ g_v
    inner = product - (_t(v) @ v) * _diagonal(product)[..., np.newaxis, :]
    return np.linalg.solve(_t(v), (sdiv(_off_diagonal(inner), _gaps(w)) + _spread(g_w)) @ _t(v))


def eig_jvp(g, w, v):
    inner = np.linalg.solve(v, g @ v)
    turned = v @ sdiv(_off_diagonal(inner), _gaps(w))
    return _diagonal(inner), turned - v * np.sum(v * turned, axis=-2, keepdims=True)


def eigvals_vjp(g, a):
    _, v = real_eig(a)
    return np.linalg.solve(_t(v), g[..., np.newaxis] * _t(v))


def eigvals_jvp(g, a):
    _, v = real_eig(a)
    return _diagonal(np.linalg.solve(v, g @ v))


# -- QR ----------------------------------------------------------------------------------------------------------------


def _right_solve(x, r):
    """``x @ inv(r)``."""
    return _t(np.linalg.solve(_t(r), _t(x)))


def _square_qr_vjp(g_q, g_r, q, r):
    m = r @ _t(g_r) - _t(g_q) @ q
    return _right_solve(g_q + q @ (np.tril(m) + _t(np.tril(m, -1))), _t(r))


def qr_vjp(g_q, g_r, q, r, a):
    """Of a matrix with more columns than rows, the first ones are decomposed, and the others follow from that."""
    if at_least(np.shape(a)[-2], np.shape(a)[-1]):
        return _square_qr_vjp(g_q, g_r, q, r)
    n = np.shape(a)[-2]
    first = _square_qr_vjp(g_q + a[..., n:] @ _t(g_r[..., n:]), g_r[..., :n], q, r[..., :n])
    return np.concatenate((first, q @ g_r[..., n:]), axis=-1)


def _square_qr_jvp(g, q, r):
    c = _right_solve(g, r)
    m = _t(q) @ c
    upper = np.triu(m) + _t(np.tril(m, -1))
    return c - q @ upper, upper @ r


def qr_jvp(g, q, r, a):
    if at_least(np.shape(a)[-2], np.shape(a)[-1]):
        return _square_qr_jvp(g, q, r)
    n = np.shape(a)[-2]
    d_q, d_r = _square_qr_jvp(g[..., :n], q, r[..., :n])
    return d_q, np.concatenate((d_r, _t(d_q) @ a[..., n:] + _t(q) @ g[..., n:]), axis=-1)


# -- LU ----------------------------------------------------------------------------------------------------------------


def lu_vjp(g_l, g_u, p, l, u):
    inner = np.tril(_t(l) @ g_l, -1) + np.triu(g_u @ _t(u))
    return p @ _right_solve(np.linalg.solve(_t(l), inner), _t(u))


def lu_jvp(g, p, l, u):
    inner = _right_solve(np.linalg.solve(l, _t(p) @ g), u)
    return np.zeros_like(p), l @ np.tril(inner, -1), np.triu(inner) @ u


# -- singular values ---------------------------------------------------------------------------------------------------


def _thin(g_u, u, k):
    """The adjoint of the first k columns that says all: ``u2`` turns against ``u1``, and how it turns in itself is free."""
    u1, u2 = u[..., :k], u[..., k:]
    return g_u[..., :k] - u2 @ (_t(g_u[..., k:]) @ u1)


def svd_vjp(g_u, g_s, g_vh, u, s, vh, full):
    k = np.shape(s)[-1]
    u1, v1 = u[..., :k], _t(vh[..., :k, :])
    left = _thin(g_u, u, k) if full else g_u
    right = _thin(_t(g_vh), _t(vh), k) if full else _t(g_vh)
    by_u, by_v = _t(u1) @ left, _t(v1) @ right
    gaps = _gaps(s * s)
    row = s[..., np.newaxis, :]
    inner = sdiv(by_u - _t(by_u), gaps) * row + s[..., np.newaxis] * sdiv(by_v - _t(by_v), gaps) + _spread(g_s)
    outside_u = sdiv(left - u1 @ by_u, row)
    outside_v = sdiv(right - v1 @ by_v, row)
    return (u1 @ inner + outside_u) @ _t(v1) + u1 @ _t(outside_v)


def svd_jvp(g, u, s, vh, full):
    k = np.shape(s)[-1]
    u1, v1 = u[..., :k], _t(vh[..., :k, :])
    row = s[..., np.newaxis, :]
    p = _t(u1) @ g @ v1
    gaps = _gaps(s * s)
    column = s[..., np.newaxis]
    d_u = u1 @ sdiv(_off_diagonal(p * row + column * _t(p)), gaps) + sdiv(g @ v1 - u1 @ p, row)
    d_v = v1 @ sdiv(_off_diagonal(column * p + _t(p) * row), gaps) + sdiv(_t(g) @ u1 - v1 @ _t(p), row)
    if full:
        d_u = np.concatenate((d_u, -u1 @ (_t(d_u) @ u[..., k:])), axis=-1)
        d_v = np.concatenate((d_v, -v1 @ (_t(d_v) @ _t(vh[..., k:, :]))), axis=-1)
    return d_u, _diagonal(p), _t(d_v)


def svdvals_vjp(g, x):
    u, _, vh = np.linalg.svd(x, full_matrices=False)
    return (u * g[..., np.newaxis, :]) @ vh


def svdvals_jvp(g, x):
    u, _, vh = np.linalg.svd(x, full_matrices=False)
    return np.sum((_t(u) @ g) * vh, axis=-1)


# -- least squares -----------------------------------------------------------------------------------------------------


def pinv_vjp(g, p, a):
    """Where the rank does not change."""
    p_t, g_t = _t(p), _t(g)
    over_rows = g_t @ p @ p_t
    over_columns = p_t @ p @ g_t
    return over_rows - a @ (p @ over_rows) + over_columns - (over_columns @ p) @ a - p_t @ g @ p_t


def pinv_jvp(g, p, a):
    p_t, g_t = _t(p), _t(g)
    over_rows = p @ p_t @ g_t
    over_columns = g_t @ p_t @ p
    return over_rows - (over_rows @ a) @ p + over_columns - p @ (a @ over_columns) - p @ g @ p


def steady_pinv(a, rcond):
    """``np.linalg.pinv``; a negative ``rcond`` stands for the precision of the numbers, as it does for ``np.linalg.lstsq``.

    The rules hold where the singular values that are left out are zeros beside the others.
    """
    s, precision = np.linalg.svdvals(a), np.finfo(a.dtype).eps
    cut = np.where(np.less(rcond, 0.0), precision, rcond)
    kept = s > cut[..., np.newaxis] * np.max(s, axis=-1, keepdims=True)
    left_out = np.max(np.where(kept, 0.0, s), axis=-1)
    if np.any(left_out > np.sqrt(precision) * np.min(np.where(kept, s, np.inf), axis=-1)):
        raise np.linalg.LinAlgError("leaving out singular values that are not zeros beside the others has no derivative here: "
                                    "choose a smaller rcond")
    return np.linalg.pinv(a, cut)


def _pinv(a, rcond):
    return np.linalg.pinv(a) if rcond is None else steady_pinv(a, rcond)


def _residual_bars(g, b):
    """The adjoint of lstsq's sums of squares, which are missing where the rank is too low."""
    if np.ndim(b) == 1:
        return np.sum(g)
    return np.concatenate((g, np.zeros(np.shape(b)[1], g.dtype)))[:np.shape(b)[1]]


def lstsq_vjp_a(g, y, a, b, rcond):
    x, p = y[0], _pinv(a, rcond)
    outside = 2.0 * _residual_bars(g[1], b) * (b - a @ x)
    by_values = svdvals_vjp(g[3], a)
    if np.ndim(b) == 1:
        return pinv_vjp(np.outer(g[0], b), p, a) - np.outer(outside, x) + by_values
    return pinv_vjp(g[0] @ b.T, p, a) - outside @ x.T + by_values


def lstsq_vjp_b(g, y, a, b, rcond):
    return _pinv(a, rcond).T @ g[0] + 2.0 * _residual_bars(g[1], b) * (b - a @ y[0])


def lstsq_jvp(d_a, d_b, y, a, b, rcond):
    """``d_a`` and ``d_b`` are the tangents; y[1] may be empty."""
    p = _pinv(a, rcond)
    change = d_b - d_a @ y[0]
    squares = np.sum(np.atleast_2d((2.0 * (b - a @ y[0]) * change).T), axis=1)
    return pinv_jvp(d_a, p, a) @ b + p @ d_b, squares[:np.shape(y[1])[0]], np.zeros(()), svdvals_jvp(d_a, a)
