"""Adjoints of operations that pick, remove, insert or count elements by index, or order them."""

import numpy as np

from .static import index_axes

__all__ = ["bin_counts", "bin_counts_vjp", "choose_vjp", "delete_vjp", "in_range", "insert_vjp_arr", "insert_vjp_values",
           "partition_jvp", "partition_vjp", "sort_vjp", "take_along_axis_vjp", "take_vjp", "unique_positions"]


# -- operations --------------------------------------------------------------------------------------------------------


def unique_positions(a):
    """Where the unique elements are first, which of them each element is, and how often each occurs."""
    _, index, inverse, counts = np.unique(a, return_index=True, return_inverse=True, return_counts=True)
    return index, inverse, counts


def bin_counts(a, bins, range, weights):
    """The first result of ``np.histogram``."""
    return np.histogram(a, bins, range, weights=weights)[0]


# -- adjoints and tangents ---------------------------------------------------------------------------------------------


def in_range(indices, length, mode):
    """Indices as ``np.take`` understands them: modulo the length, or clipped."""
    return indices % length if mode == "wrap" else np.clip(indices, 0, length - 1)


def take_vjp(g, a, indices, axis):
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, indices, g)
        return np.reshape(flat, np.shape(a))
    result = np.zeros(np.shape(a), g.dtype)
    np.add.at(np.moveaxis(result, axis, 0), indices, np.moveaxis(g, *index_axes(axis, np.ndim(a), np.ndim(indices))))
    return result


def take_along_axis_vjp(g, a, indices, axis):
    """Every line along the axis is a row of a matrix; each row's elements go where they were taken from."""
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, indices, g)
        return np.reshape(flat, np.shape(a))
    last = np.moveaxis(g, axis, -1)
    columns = np.moveaxis(np.broadcast_to(indices, np.shape(g)), axis, -1)
    width = np.shape(g)[axis]
    count = np.size(columns) // max(width, 1)
    matrix = np.zeros((count, np.shape(a)[axis]), g.dtype)
    rows = np.reshape(np.arange(count), (-1, 1))
    np.add.at(matrix, (rows, np.reshape(columns, (count, width))), np.reshape(last, (count, width)))
    return np.moveaxis(np.reshape(matrix, np.shape(last)[:-1] + (np.shape(a)[axis],)), -1, axis)


def sort_vjp(g, a, axis):
    """Back through the inverse of the permutation that sorts."""
    return np.take_along_axis(g, np.argsort(np.argsort(a, axis=axis), axis=axis), axis=axis)


def partition_vjp(g, y, a, axis):
    """In the order of size, element by element: the k-th smallest of the result is the k-th smallest of the argument."""
    by_size = np.take_along_axis(g, np.argsort(y, axis=axis), axis=axis)
    return np.take_along_axis(by_size, np.argsort(np.argsort(a, axis=axis), axis=axis), axis=axis)


def partition_jvp(g, y, a, axis):
    by_size = np.take_along_axis(g, np.argsort(a, axis=axis), axis=axis)
    return np.take_along_axis(by_size, np.argsort(np.argsort(y, axis=axis), axis=axis), axis=axis)


def choose_vjp(g, a, choices, i, mode):
    """The part of g where choice i was taken; of all choices if they are one array."""
    which = np.asarray(a) if mode == "raise" else in_range(np.asarray(a), len(choices), mode)
    if isinstance(i, int):
        return np.where(which == i, g, 0.0)
    numbers = np.reshape(np.arange(len(choices)), (-1,) + (1,) * np.ndim(g))
    parts = np.where(which == numbers, g, 0.0)
    stretched = np.ndim(parts) - np.ndim(choices)
    return np.sum(parts, axis=tuple(range(1, 1 + stretched))) if stretched > 0 else parts


def delete_vjp(g, arr, obj, axis):
    """Zeros where elements were removed."""
    if axis is None:
        flat = np.zeros(np.size(arr), g.dtype)
        flat[np.delete(np.arange(np.size(arr)), obj)] = g
        return np.reshape(flat, np.shape(arr))
    result = np.zeros(np.shape(arr), g.dtype)
    np.moveaxis(result, axis, 0)[np.delete(np.arange(np.shape(arr)[axis]), obj)] = np.moveaxis(g, axis, 0)
    return result


def _labels(old, new, obj):
    """For each place of ``np.insert``'s result the number of the value that is new there, -1 where the element is old."""
    return np.insert(np.full(old, -1), obj, np.arange(new))


def insert_vjp_arr(g, arr, obj, values, axis):
    if axis is None:
        kept = _labels(np.size(arr), np.size(g) - np.size(arr), obj) < 0
        return np.reshape(g[kept], np.shape(arr))
    kept = _labels(np.shape(arr)[axis], np.shape(g)[axis] - np.shape(arr)[axis], obj) < 0
    return np.compress(kept, g, axis)


def insert_vjp_values(g, arr, obj, values, axis):
    """The new elements in the order of the values; NumPy moves their first axis to ``axis`` where there is one place."""
    if axis is None:
        old = np.size(arr)
        return np.take(g, np.argsort(_labels(old, np.size(g) - old, obj), kind="stable")[old:])
    old = np.shape(arr)[axis]
    places = np.argsort(_labels(old, np.shape(g)[axis] - old, obj), kind="stable")[old:]
    new = np.take(g, places, axis)
    return np.moveaxis(new, axis, 0) if np.ndim(obj) == 0 else new


def bin_counts_vjp(g, a, bins, range, weights):
    """The adjoint of the bin that each element falls into, 0 outside of all; the last bin holds its right edge."""
    edges = np.histogram_bin_edges(a, bins, range)
    place = np.searchsorted(edges, a, side="right") - 1
    place = np.where(a == edges[-1], len(g) - 1, place)
    inside = (place >= 0) & (place < len(g))
    return np.where(inside, g[np.where(inside, place, 0)], 0.0)
