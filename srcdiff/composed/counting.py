"""Unique elements, histograms."""

import numpy as np

from .. import runtime as rt
from .static import unsupported
from .table import composed


@composed("np.unique")
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    if axis is not None or not equal_nan:
        unsupported("np.unique with axis or equal_nan=False")
    flat = np.ravel(ar)
    index, inverse, counts = rt.unique_positions(flat)
    found = [flat[index]]
    if return_index:
        found.append(index)
    if return_inverse:
        found.append(np.reshape(inverse, np.shape(ar)))
    if return_counts:
        found.append(counts)
    return tuple(found) if len(found) > 1 else found[0]


@composed("np.histogram_bin_edges")
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    if isinstance(bins, str):
        unsupported("np.histogram with a rule for the number of bins", "give the number")
    if np.ndim(bins) > 0:
        return np.asarray(bins)
    flat = np.ravel(a)
    low = np.min(flat) if range is None else range[0]
    high = np.max(flat) if range is None else range[1]
    first = np.where(low == high, low - 0.5, low)
    last = np.where(low == high, high + 0.5, high)
    return np.linspace(first, last, bins + 1)


@composed("np.histogram")
def histogram(a, bins=10, range=None, density=None, weights=None):
    edges = histogram_bin_edges(a, bins, range)
    flat = None if weights is None else np.ravel(weights)
    counts = rt.bin_counts(np.ravel(a), bins, range, flat)
    if density:
        counts = counts / np.diff(edges).astype(float) / np.sum(counts)
    return counts, edges
