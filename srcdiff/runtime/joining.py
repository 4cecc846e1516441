"""Adjoints of operations that join arrays: the parts of the adjoint that came from each of them."""

import numpy as np

__all__ = ["concatenate_list_vjp", "concatenate_vjp", "hstack_vjp", "vstack_list_vjp", "vstack_vjp"]


def concatenate_vjp(g, arrays, i, axis):
    """The part of g that came from element i."""
    if axis is None:
        first = 0
        for a in arrays[:i]:
            first = first + np.size(a)
        return np.reshape(g[first:first + np.size(arrays[i])], np.shape(arrays[i]))
    start = 0
    for a in arrays[:i]:
        start = start + np.shape(a)[axis]
    stop = start + np.shape(arrays[i])[axis]
    return g[start:stop] if axis == 0 else np.swapaxes(np.swapaxes(g, 0, axis)[start:stop], 0, axis)


def concatenate_list_vjp(g, arrays, axis):
    """The parts of g that came from the elements of a list."""
    parts = []
    start = 0
    for a in arrays:
        stop = start + (np.size(a) if axis is None else np.shape(a)[axis])
        if axis is None or axis == 0:
            parts.append(np.reshape(g[start:stop], np.shape(a)))
        else:
            parts.append(np.swapaxes(np.swapaxes(g, 0, axis)[start:stop], 0, axis))
        start = stop
    return parts


def vstack_list_vjp(g, arrays):
    parts = []
    start = 0
    for a in arrays:
        stop = start + (np.shape(a)[0] if np.ndim(a) > 1 else 1)
        parts.append(np.reshape(g[start:stop], np.shape(a)))
        start = stop
    return parts


def vstack_vjp(g, arrays, i):
    start = 0
    for a in arrays[:i]:
        start = start + (np.shape(a)[0] if np.ndim(a) > 1 else 1)
    stop = start + (np.shape(arrays[i])[0] if np.ndim(arrays[i]) > 1 else 1)
    return np.reshape(g[start:stop], np.shape(arrays[i]))


def hstack_vjp(g, arrays, i):
    if np.ndim(arrays[0]) > 1:
        return concatenate_vjp(g, arrays, i, 1)
    return concatenate_vjp(g, arrays, i, None)
