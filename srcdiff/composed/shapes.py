"""Joining, grids, repeating."""

import numpy as np

from .static import along, axes_of, even_axes, grid_axis, odd_axes, ones
from .table import composed


@composed("np.dstack")
def dstack(tup):
    return np.concatenate([np.atleast_3d(m) for m in tup], axis=2)


def joined_rows(join, a, *args, **kwargs):
    """``join`` is ``np.concatenate``, ``np.hstack`` or ``np.vstack``, of an array: of the parts along its first axis."""
    if np.ndim(a) == 2 and not args and not kwargs:
        return a.copy() if join is np.vstack else np.reshape(a, -1).copy()
    rows = [row for row in a]  # noqa: C416  an array is not a list
    return join(rows, *args, **kwargs)


@composed("np.column_stack")
def column_stack(tup):
    return np.concatenate([np.expand_dims(np.atleast_1d(v), 1) if np.ndim(v) < 2 else v for v in tup], axis=1)


@composed("np.meshgrid")
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    grid = [np.reshape(x, along(grid_axis(k, len(xi), indexing), len(xi))) for k, x in enumerate(xi)]
    full = grid if sparse else np.broadcast_arrays(*grid)
    return tuple([v.copy() for v in full] if copy else full)


@composed("np.ix_")
def ix_(*args):
    arrays = [np.asarray(a) for a in args]
    indices = [np.flatnonzero(a) if a.dtype == bool else a for a in arrays]
    return tuple([np.reshape(a, along(k, len(args))) for k, a in enumerate(indices)])


@composed("np.indices")
def indices(dimensions, dtype=int, sparse=False):
    n = len(dimensions)
    grid = [np.reshape(np.arange(d, dtype=dtype), along(k, n)) for k, d in enumerate(dimensions)]
    return tuple(grid) if sparse else np.stack([np.broadcast_to(v, dimensions) for v in grid])


def spread(lines, sparse):
    """The lines of ``np.mgrid``, each along its own axis."""
    n = len(lines)
    grid = [np.reshape(v, along(k, n)) for k, v in enumerate(lines)]
    sizes = tuple([v.size for v in lines])
    return tuple(grid) if sparse else np.stack([np.broadcast_to(v, sizes) for v in grid])


@composed("np.fromfunction")
def fromfunction(function, shape, *, dtype=float, **kwargs):
    n = len(shape)
    grid = [np.reshape(np.arange(d, dtype=dtype), along(k, n)) for k, d in enumerate(shape)]
    return function(*[np.broadcast_to(v, shape).copy() for v in grid], **kwargs)


@composed("np.logspace")
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    y = np.power(base, np.linspace(start, stop, num, endpoint=endpoint, axis=axis))
    return y if dtype is None else y.astype(dtype)


@composed("np.diagflat")
def diagflat(v, k=0):
    return np.diag(np.ravel(v), k)


@composed("np.resize")
def resize(a, new_shape):
    flat = np.ravel(a)
    shape = new_shape if isinstance(new_shape, (tuple, list)) else (new_shape,)
    size = 1
    for n in shape:
        size = size * n
    return np.reshape(np.take(flat, np.arange(size) % np.size(flat)), shape)


@composed("np.kron")
def kron(a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return np.multiply(np.asarray(a), np.asarray(b))
    rank = max(np.ndim(a), np.ndim(b))
    rows = ones(rank - np.ndim(a)) + np.shape(a)
    columns = ones(rank - np.ndim(b)) + np.shape(b)
    left = np.expand_dims(np.reshape(a, rows), odd_axes(rank))
    right = np.expand_dims(np.reshape(b, columns), even_axes(rank))
    return np.reshape(left * right, [m * n for m, n in zip(rows, columns)])  # noqa: B905  of one length


@composed("np.diag_indices")
def diag_indices(n, ndim=2):
    return tuple([np.arange(n) for _ in axes_of(ndim)])


@composed("np.diag_indices_from")
def diag_indices_from(arr):
    return tuple([np.arange(np.shape(arr)[0]) for _ in axes_of(np.ndim(arr))])


@composed("np.tril_indices_from")
def tril_indices_from(arr, k=0):
    return np.tril_indices(np.shape(arr)[-2], k=k, m=np.shape(arr)[-1])


@composed("np.triu_indices_from")
def triu_indices_from(arr, k=0):
    return np.triu_indices(np.shape(arr)[-2], k=k, m=np.shape(arr)[-1])
