"""Adjoints and tangents of extremes and products along axes."""

import numpy as np

__all__ = ["cumprod_jvp", "cumprod_vjp", "exclusive_product", "expand", "max_jvp", "max_vjp", "prod_jvp", "prod_vjp"]


def expand(g, axis, keepdims):
    """A reduction's result with the reduced axes put back, so that it broadcasts against the argument."""
    return g if axis is None or keepdims else np.expand_dims(g, axis)


def max_vjp(g, y, a, axis, keepdims):
    """Elements that share the extreme value share the adjoint equally."""
    mask = (a == expand(y, axis, keepdims)).astype(a.dtype)
    return expand(g, axis, keepdims) / np.sum(mask, axis=axis, keepdims=True) * mask


def max_jvp(g, y, a, axis, keepdims):
    mask = (a == expand(y, axis, keepdims)).astype(a.dtype)
    return np.sum(g * mask, axis=axis, keepdims=keepdims) / np.sum(mask, axis=axis, keepdims=keepdims)


def exclusive_product(a):
    """Along the first axis, the product of all elements but this one; exact where elements are zero."""
    before = np.ones_like(a)
    after = np.ones_like(a)
    before[1:] = np.cumprod(a[:-1], axis=0)
    after[:-1] = np.flip(np.cumprod(np.flip(a[1:], 0), axis=0), 0)
    return before * after


def _others(a, axis):
    if axis is None:
        return np.reshape(exclusive_product(np.ravel(a)), np.shape(a))
    if isinstance(axis, tuple):
        first = np.moveaxis(a, axis, tuple(range(len(axis))))
        flat = np.reshape(first, (-1,) + np.shape(first)[len(axis):])
        return np.moveaxis(np.reshape(exclusive_product(flat), np.shape(first)), tuple(range(len(axis))), axis)
    return np.moveaxis(exclusive_product(np.moveaxis(a, axis, 0)), 0, axis)


def prod_vjp(g, a, axis, keepdims):
    return expand(g, axis, keepdims) * _others(a, axis)


def prod_jvp(g, a, axis, keepdims):
    return np.sum(g * _others(a, axis), axis=axis, keepdims=keepdims)


def _products_before(y):
    before = np.ones_like(y)
    before[1:] = y[:-1]
    return before


def _cumprod_vjp(g, y, a):
    """From the last factor to the first; right also where factors are zero."""
    rest = g.copy()
    for i in range(len(a) - 2, -1, -1):
        rest[i] += rest[i + 1] * a[i + 1]
    return rest * _products_before(y)


def _cumprod_jvp(g, y, a):
    result = g * _products_before(y)
    for i in range(1, len(a)):
        result[i] += result[i - 1] * a[i]
    return result


def cumprod_vjp(g, y, a, axis):
    if axis is None:
        return np.reshape(_cumprod_vjp(g, y, np.ravel(a)), np.shape(a))
    return np.moveaxis(_cumprod_vjp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)


def cumprod_jvp(g, y, a, axis):
    if axis is None:
        return _cumprod_jvp(np.ravel(g), y, np.ravel(a))
    return np.moveaxis(_cumprod_jvp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)
