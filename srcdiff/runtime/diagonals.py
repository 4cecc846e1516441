"""Adjoints of diagonals and traces."""

import numpy as np

__all__ = ["diagonal_mask", "diagonal_vjp", "trace_vjp"]


def diagonal_vjp(g, a, offset=0, axis1=0, axis2=1):
    result = np.zeros(np.shape(np.moveaxis(a, (axis1, axis2), (0, 1))), g.dtype)
    steps = np.arange(np.shape(g)[-1])
    result[steps + max(-offset, 0), steps + max(offset, 0)] = np.moveaxis(g, -1, 0)
    return np.moveaxis(result, (0, 1), (axis1, axis2))


def trace_vjp(g, a, offset, axis1, axis2):
    matrices = np.expand_dims(g, (-2, -1)) * np.eye(np.shape(a)[axis1], np.shape(a)[axis2], offset)
    return np.moveaxis(matrices, (-2, -1), (axis1, axis2))


def diagonal_mask(a, term):
    """Ones of the shape of ``a`` where the indices agree whose letters in ``term`` do, zeros elsewhere."""
    mask = np.ones_like(a)
    index = np.indices(mask.shape, sparse=True)
    for k, letter in enumerate(term):
        mask = mask * (index[k] == index[term.index(letter)])
    return mask
