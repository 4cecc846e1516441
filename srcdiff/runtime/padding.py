"""Adjoints of ``np.pad``, axis by axis from the last: NumPy pads the axes in order, and each pads what the ones before made."""

import numpy as np

from .static import downwards

__all__ = ["pad_vjp", "pad_vjp_values", "surely_zero"]


def surely_zero(n):
    """Whether a number is known to be 0; when a function is compiled, only a literal is."""
    return n == 0


def pad_vjp(g, array, pad_width, mode, stat_length, reflect_type):
    for k in downwards(np.ndim(g)):
        before, after = pad_width[k]
        length = None if stat_length is None else stat_length[k]
        g = _unpadded(g, k, before, after, np.shape(array)[k], mode, length, reflect_type)
    return g


def _unpadded(g, axis, before, after, n, mode, stat_length, reflect_type):
    """Modes that copy elements add at the positions these came from; others are a matrix, of which NumPy makes the columns."""
    if surely_zero(before) and surely_zero(after):
        return g
    rows = np.moveaxis(g, axis, 0)
    if mode == "constant":
        return np.moveaxis(rows[before:before + n], 0, axis)
    if reflect_type == "even" and mode in ("edge", "reflect", "symmetric", "wrap"):
        kept = np.zeros((n,) + np.shape(rows)[1:], g.dtype)
        np.add.at(kept, np.pad(np.arange(n), ((before, after),), mode=mode), rows)
        return np.moveaxis(kept, 0, axis)
    width = ((before, after), (0, 0))
    if mode == "mean":
        weights = np.pad(np.eye(n), width, mode=mode, stat_length=None if stat_length is None else (stat_length, (1, 1)))
    elif mode == "linear_ramp":
        weights = np.pad(np.eye(n), width, mode=mode)
    else:
        weights = np.pad(np.eye(n), width, mode=mode, reflect_type=reflect_type)
    return np.moveaxis(np.tensordot(weights, rows, ((0,), (0,))), 0, axis)


def pad_vjp_values(g, array, pad_width, mode):
    """Of constant_values and end_values: before and after each axis, how much of the values there is in what g belongs to."""
    found = []
    for k in downwards(np.ndim(g)):
        before, after = pad_width[k]
        n = np.shape(array)[k]
        lines = np.sum(np.reshape(np.moveaxis(g, k, 0), (before + n + after, -1)), axis=1)
        zeros = np.zeros(n, g.dtype)
        if mode == "constant":
            first = np.pad(zeros, ((before, after),), constant_values=((1.0, 0.0),))
            last = np.pad(zeros, ((before, after),), constant_values=((0.0, 1.0),))
        else:
            first = np.pad(zeros, ((before, after),), mode=mode, end_values=((1.0, 0.0),))
            last = np.pad(zeros, ((before, after),), mode=mode, end_values=((0.0, 1.0),))
        found.append(np.stack((np.sum(lines * first), np.sum(lines * last))))
        g = _unpadded(g, k, before, after, n, mode, None, "even")
    return np.flip(np.stack(found), 0)
