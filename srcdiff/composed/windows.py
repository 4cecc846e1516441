"""Sliding windows."""

import numpy as np

from .static import axes_of, forwards

__all__ = ["sliding_windows"]


def sliding_windows(x, window_shape, axis=None):
    """The values of ``np.lib.stride_tricks.sliding_window_view``, copied."""
    lengths = forwards(window_shape, 1)
    axes = forwards(axis, np.ndim(x))
    if len(axes) != len(lengths):
        raise ValueError("Must provide matching length window_shape and axis")
    out = x
    for k in axes_of(len(axes)):
        at = axes[k] % np.ndim(x)
        if lengths[k] > np.shape(out)[at]:
            raise ValueError("window shape cannot be larger than input array shape")
        first = np.arange(np.shape(out)[at] - lengths[k] + 1)
        windows = np.take(out, np.expand_dims(first, 1) + np.arange(lengths[k]), axis=at)
        out = np.moveaxis(windows, at + 1, -1)
    return out
