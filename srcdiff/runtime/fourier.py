"""Adjoints of Fourier transforms."""

import numpy as np

from .decompositions import at_least
from .static import inverse_norm

__all__ = ["irfft_vjp", "to_length"]


def to_length(v, length, axis):
    """``v`` cut, or with zeros added, to a length along an axis: the transpose of what transforms do with their ``n``."""
    rows = np.moveaxis(v, axis, 0)
    have = np.shape(rows)[0]
    if at_least(have, length):
        return np.moveaxis(rows[:length], 0, axis)
    return np.moveaxis(np.concatenate((rows, np.zeros((length - have,) + np.shape(rows)[1:], v.dtype))), 0, axis)


def irfft_vjp(g, length, axis, norm):
    """All frequencies but the first, and the last of an even number, occur twice: as they are, and conjugated."""
    n = np.shape(g)[axis]
    half = np.moveaxis(np.conjugate(np.fft.rfft(g, None, axis, inverse_norm(norm))), axis, -1)
    frequencies = np.arange(n // 2 + 1)
    twice = np.where((frequencies == 0) | (2 * frequencies == n), 1.0, 2.0).astype(g.dtype)
    return to_length(np.moveaxis(half * twice, -1, axis), length, axis)
