"""Ranges with options that the rules do not have."""

import numpy as np

from .table import composed


@composed("np.linspace")
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    y = np.moveaxis(np.linspace(start, stop, num, endpoint=endpoint), 0, axis)
    if dtype is not None:
        y = np.floor(y).astype(dtype) if np.dtype(dtype).kind in "iu" else y.astype(dtype)
    return (y, np.subtract(stop, start) / (num - 1 if endpoint else num)) if retstep else y


@composed("np.ndarray")
def ndarray(shape, dtype=float):
    return np.empty(shape, dtype)
