"""``np.pad`` with the largest, smallest or middle value of the first or last elements along an axis."""

import numpy as np

from .static import axes_of

__all__ = ["pad_with_statistics"]


def pad_with_statistics(array, pad_width, mode, stat_length):
    padded = array
    for k in axes_of(np.ndim(array)):
        before, after = pad_width[k]
        first, last = (None, None) if stat_length is None else stat_length[k]
        rows = np.moveaxis(padded, k, 0)
        shape = np.shape(rows)[1:]
        left = np.broadcast_to(_statistic(rows if first is None else rows[:first], mode), (before,) + shape)
        right = np.broadcast_to(_statistic(rows if last is None else rows[-last:], mode), (after,) + shape)
        padded = np.moveaxis(np.concatenate((left, rows, right)), 0, k)
    return padded


def _statistic(rows, mode):
    if mode == "maximum":
        return np.max(rows, axis=0)
    return np.min(rows, axis=0) if mode == "minimum" else np.median(rows, axis=0)
