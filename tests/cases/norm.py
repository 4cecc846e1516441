"""A norm, solved system and determinant."""

import numpy as np


def norm(A, b):
    x = np.linalg.solve(A, b)
    return np.linalg.norm(x) + np.log(np.linalg.det(A))


ARGS = (np.array([[2.0, 0.3], [0.1, 1.5]]), np.array([0.4, 0.9]))
ARGNUMS = (0, 1)


# -- generated --

import numpy as np

from srcdiff import runtime as rt


def norm_grad(A, b):
    x = np.linalg.solve(A, b)
    # line 8: return np.linalg.norm(x) + np.log(np.linalg.det(A))
    A_bar = 1.0 / np.linalg.det(A) * rt.cofactor(A)
    x_bar = rt.ratio(x, np.linalg.norm(x))
    # line 7: x = np.linalg.solve(A, b)
    w = np.linalg.solve(A.T, x_bar)
    A_bar -= w[:, None] * x[None, :]
    return A_bar, w
