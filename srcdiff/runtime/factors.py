"""Parts of adjoints and tangents of matrices that are factors, or of which only a triangle is read."""

import numpy as np

__all__ = ["cholesky_change", "cholesky_factor_adjoint", "factor_adjoint", "folded", "lower_half", "lu_adjoint", "lu_change",
           "lu_inner", "lu_product", "matrix_pair", "permutation_of", "read_matrix", "read_triangle", "symmetric", "transposes",
           "triangular_adjoint"]


def permutation_of(piv):
    """The order of rows that the exchanges ``piv`` of an LU decomposition make."""
    order = np.arange(len(piv))
    for row, other in enumerate(piv):
        order[row], order[other] = order[other], order[row]
    return order


def transposes(trans):
    """``trans`` of SciPy's solvers as 0 or 1."""
    return int(trans in (1, 2, "T", "C"))


def lower_half(m):
    """The lower triangle with half the diagonal: half of a symmetric matrix."""
    return 0.5 * (np.tril(m) + np.tril(m, -1))


def folded(s):
    """The adjoint of a symmetric matrix, in its lower triangle."""
    return np.tril(s) + np.tril(s.T, -1)


def symmetric(g, lower):
    """The symmetric matrix whose lower or upper triangle is that of g."""
    return np.tril(g) + np.tril(g, -1).T if lower else np.triu(g) + np.triu(g, 1).T


def _outer(w, y):
    return np.outer(w, y) if np.ndim(y) == 1 else w @ y.T


def factor_adjoint(w, y, lower, assume_a, transposed):
    """The adjoint of a in ``y = solve(a, b)``, where w is that of b; of a symmetric matrix in the triangle that is read."""
    if assume_a in (None, "gen", "general"):
        return -_outer(y, w) if transposed else -_outer(w, y)
    bar = -_outer(w, y)
    return folded(bar) if lower else folded(bar).T


def read_matrix(g, lower, assume_a, transposed):
    if assume_a in (None, "gen", "general"):
        return g.T if transposed else g
    return symmetric(g, lower)


def triangular_adjoint(w, y, trans, lower, unit_diagonal):
    bar = -_outer(y, w) if trans else -_outer(w, y)
    return np.tril(bar, -1 if unit_diagonal else 0) if lower else np.triu(bar, 1 if unit_diagonal else 0)


def read_triangle(g, trans, lower, unit_diagonal):
    part = np.tril(g, -1 if unit_diagonal else 0) if lower else np.triu(g, 1 if unit_diagonal else 0)
    return part.T if trans else part


def cholesky_factor_adjoint(w, y, c, lower):
    """From that of the matrix, ``-w y.T``, to that of its factor."""
    both = -(_outer(w, y) + _outer(y, w))
    return np.tril(both @ np.tril(c)) if lower else np.triu(np.triu(c) @ both)


def cholesky_change(g, c, lower):
    """The tangent of the matrix, given that of its factor."""
    half = np.tril(g) @ np.tril(c).T if lower else np.triu(g).T @ np.triu(c)
    return half + half.T


def _unit_lower(lu):
    return np.tril(lu, -1) + np.eye(np.shape(lu)[0], dtype=lu.dtype)


def lu_inner(g, lu):
    return np.tril(_unit_lower(lu).T @ np.tril(g, -1), -1) + np.triu(np.triu(g) @ np.triu(lu).T)


def lu_change(m, lu):
    """The tangents of both factors in one matrix; m is the matrix's between the inverses of the factors."""
    return _unit_lower(lu) @ np.tril(m, -1) + np.triu(m) @ np.triu(lu)


def lu_adjoint(w, y, lu, order, trans):
    bar = (-_outer(y, w) if trans else -_outer(w, y))[order]
    return np.tril(bar @ np.triu(lu).T, -1) + np.triu(_unit_lower(lu).T @ bar)


def lu_product(g, y, lu, order, trans):
    """The tangent of the matrix (or of its transpose) times y."""
    change = (np.tril(g, -1) @ np.triu(lu) + _unit_lower(lu) @ np.triu(g))[np.argsort(order)]
    return change.T @ y if trans else change @ y


def matrix_pair(a, e):
    """``[[a, e], [0, a]]``, whose exponential has the derivative of that of a in the direction e at the upper right."""
    return np.concatenate((np.concatenate((a, e), axis=-1), np.concatenate((np.zeros_like(a), a), axis=-1)), axis=-2)
