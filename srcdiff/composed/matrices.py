"""SciPy's special matrices."""

import numpy as np

from .table import composed


@composed("scipy.linalg.block_diag")
def block_diag(*arrs):
    blocks = [np.atleast_2d(a) for a in arrs]
    rows = columns = 0
    for a in blocks:
        rows = rows + np.shape(a)[0]
        columns = columns + np.shape(a)[1]
    out = np.zeros((rows, columns), np.result_type(*[a.dtype for a in blocks]))
    row = column = 0
    for a in blocks:
        out[row:row + np.shape(a)[0], column:column + np.shape(a)[1]] = a
        row = row + np.shape(a)[0]
        column = column + np.shape(a)[1]
    return out


def _sliding(values, first, rows, columns, down):
    """The matrix of ``values[first + down * i + j]``."""
    i = np.reshape(np.arange(rows), (-1, 1))
    return values[first + down * i + np.arange(columns)]


@composed("scipy.linalg.toeplitz")
def toeplitz(c, r=None):
    column = np.ravel(c)
    row = column if r is None else np.ravel(r)
    values = np.concatenate((column[::-1], row[1:]))
    return _sliding(values, np.size(column) - 1, np.size(column), np.size(row), -1)


@composed("scipy.linalg.hankel")
def hankel(c, r=None):
    column = np.ravel(c)
    row = np.zeros_like(column) if r is None else np.ravel(r)
    return _sliding(np.concatenate((column, row[1:])), 0, np.size(column), np.size(row), 1)


@composed("scipy.linalg.circulant")
def circulant(c):
    n = np.size(c)
    return c[(np.reshape(np.arange(n), (-1, 1)) - np.arange(n)) % n]
