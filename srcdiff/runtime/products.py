"""Adjoints of the products of matrices, whatever the ranks of their factors."""

import numpy as np

from .static import dot_axes, leading_axes
from .structural import unbroadcast

__all__ = ["cross_vjp", "dot_vjp_a", "dot_vjp_b", "inner_vjp_a", "inner_vjp_b", "matmul_vjp_a", "matmul_vjp_b", "multi_dot_vjp",
           "outer_vjp_a", "outer_vjp_b"]


def matmul_vjp_a(g, a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return g * b
    if np.ndim(a) == 1:
        return b @ g if np.ndim(b) == 2 else np.squeeze(b @ np.expand_dims(g, -1), -1)
    if np.ndim(b) == 1:
        return np.outer(g, b) if np.ndim(a) == 2 else np.expand_dims(g, -1) * b
    return g @ np.swapaxes(b, -1, -2)


def matmul_vjp_b(g, a, b):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return g * a
    if np.ndim(a) == 1:
        return np.outer(a, g) if np.ndim(b) == 2 else np.expand_dims(a, -1) * np.expand_dims(g, -2)
    if np.ndim(b) == 1:
        return g @ a if np.ndim(a) == 2 else np.tensordot(g, a, np.ndim(g))
    return np.swapaxes(a, -1, -2) @ g


def dot_vjp_a(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * b
    if np.ndim(b) <= 2 and np.ndim(a) <= 2:
        return matmul_vjp_a(g, a, b)
    if np.ndim(b) == 1:
        return np.expand_dims(g, -1) * b
    return np.tensordot(g, b, dot_axes(np.ndim(g), np.ndim(a), np.ndim(b)))


def dot_vjp_b(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(b) <= 2 and np.ndim(a) <= 2:
        return matmul_vjp_b(g, a, b)
    lines = np.tensordot(a, g, leading_axes(np.ndim(a) - 1))
    return lines if np.ndim(b) == 1 else np.moveaxis(lines, 0, -2)


def inner_vjp_a(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0 or np.ndim(b) == 1:
        return np.multiply(g if np.ndim(a) <= 1 else np.expand_dims(g, -1), b)
    return np.tensordot(g, b, np.ndim(b) - 1)


def inner_vjp_b(g, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(a) == 1:
        return np.multiply(g if np.ndim(b) == 1 else np.expand_dims(g, -1), a)
    return np.tensordot(g, a, leading_axes(np.ndim(a) - 1))


def outer_vjp_a(g, a, b):
    return np.reshape(g @ np.ravel(b), np.shape(a))


def outer_vjp_b(g, a, b):
    return np.reshape(np.ravel(a) @ g, np.shape(b))


def cross_vjp(g, a, other, axis_g, axis_a, axis_other):
    """``other x g``; pass the factors in the order in which the product is to be taken."""
    moved = np.cross(np.moveaxis(other, axis_other, -1), np.moveaxis(g, axis_g, -1))
    return np.moveaxis(unbroadcast(moved, np.moveaxis(a, axis_a, -1)), -1, axis_a)


def multi_dot_vjp(g, arrays, i):
    """The transposed factors before and after factor i times g; a vector is a row at the front, a column at the end."""
    first, last = arrays[0], arrays[len(arrays) - 1]
    rows = 1 if np.ndim(first) == 1 else np.shape(first)[0]
    columns = 1 if np.ndim(last) == 1 else np.shape(last)[1]
    bar = np.reshape(g, (rows, columns))
    for a in arrays[:i]:
        bar = (np.expand_dims(a, 1) if np.ndim(a) == 1 else a.T) @ bar
    for a in arrays[:i:-1]:
        bar = bar @ (np.expand_dims(a, 0) if np.ndim(a) == 1 else a.T)
    return np.reshape(bar, np.shape(arrays[i]))
