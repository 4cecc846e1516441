"""Linear algebra that is other linear algebra."""

import numpy as np

from .static import axes_of, bits, unsupported
from .table import composed


@composed("np.linalg.matrix_power")
def matrix_power(a, n):
    if n == 0:
        return np.broadcast_to(np.eye(np.shape(a)[-1], dtype=a.dtype), np.shape(a)).copy()
    base = np.linalg.inv(a) if n < 0 else a
    if n == 3 or n == -3:
        return np.matmul(np.matmul(base, base), base)
    square = base
    result = None
    for k, bit in enumerate(bits(n)):
        square = np.matmul(square, square) if k > 0 else base
        if bit:
            result = square if result is None else np.matmul(result, square)
    return result


@composed("np.linalg.cond")
def cond(x, p=None):
    if p is None or p == 2 or p == -2:
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    if x.dtype == np.float32:  # NumPy inverts in double precision
        inverse = np.linalg.inv(x.astype("float64"))
        return (np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(inverse, p, axis=(-2, -1))).astype("float32")
    return np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, axis=(-2, -1))


@composed("np.linalg.tensorsolve")
def tensorsolve(a, b, axes=None):
    moved = a
    if axes is not None:
        rest = [k for k in axes_of(np.ndim(a)) if k not in axes]
        moved = np.transpose(a, tuple(rest) + tuple(axes))
    shape = np.shape(moved)[np.ndim(b):]
    return np.reshape(np.linalg.solve(np.reshape(moved, (np.size(b), -1)), np.ravel(b)), shape)


@composed("np.linalg.tensorinv")
def tensorinv(a, ind=2):
    shape = np.shape(a)
    rows = 1
    for n in shape[ind:]:
        rows = rows * n
    matrix = np.reshape(a, (rows, -1))
    return np.reshape(np.linalg.inv(matrix), shape[ind:] + shape[:ind])


@composed("np.linalg.vector_norm")
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    if isinstance(axis, tuple):
        unsupported("np.linalg.vector_norm over several axes", "reshape, and give one axis")
    if axis is not None:
        return np.linalg.norm(x, ord, axis=axis, keepdims=keepdims)
    found = np.linalg.norm(np.ravel(x), ord, axis=0)
    return np.reshape(found, tuple([1 for _ in axes_of(np.ndim(x))])) if keepdims else found


@composed("np.linalg.matrix_norm")
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, axis=(-2, -1), keepdims=keepdims)


@composed("np.linalg.trace")
def matrix_trace(x, /, *, offset=0):
    return np.trace(x, offset, -2, -1)


@composed("np.linalg.vecdot")
def vecdot(x1, x2, /, *, axis=-1):
    return np.vecdot(x1, x2, axis=axis)


@composed("np.linalg.tensordot")
def tensordot(x1, x2, /, *, axes=2):
    return np.tensordot(x1, x2, axes)


@composed("np.linalg.cross")
def vector_product(x1, x2, /, *, axis=-1):
    return np.cross(x1, x2, axis=axis)


def plane_product(a, b):
    """``np.cross`` where one of the vectors along the last axes has two components."""
    if np.shape(a)[-1] == 2 and np.shape(b)[-1] == 2:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    last = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    if np.shape(a)[-1] == 2:
        return np.stack(np.broadcast_arrays(a[..., 1] * b[..., 2], -(a[..., 0] * b[..., 2]), last), axis=-1)
    return np.stack(np.broadcast_arrays(-(a[..., 2] * b[..., 1]), a[..., 2] * b[..., 0], last), axis=-1)
