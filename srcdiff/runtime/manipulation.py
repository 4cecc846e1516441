"""Adjoints of operations that repeat elements, and of grids."""

import numpy as np

__all__ = ["counted_repeat_vjp", "linspace_vjp", "negated", "repeat_vjp", "tile_vjp"]


def linspace_vjp(g, first, last, num, endpoint):
    """``g`` times the weights of one end, which are a linspace themselves; one column for each end if ends are arrays."""
    weights = np.linspace(first, last, num, endpoint=endpoint)
    return g * (weights if np.ndim(g) == 1 else np.reshape(weights, (-1,) + (1,) * (np.ndim(g) - 1)))


def repeat_vjp(g, a, repeats, axis):
    if np.ndim(repeats) > 0:
        return counted_repeat_vjp(g, a, repeats, axis)
    if axis is None:
        return np.reshape(np.sum(np.reshape(g, (np.size(a), repeats)), axis=1), np.shape(a))
    last = np.moveaxis(g, axis, -1)
    length = np.shape(a)[axis]
    parts = np.reshape(last, np.shape(last)[:-1] + (length, repeats))
    return np.moveaxis(np.sum(parts, axis=-1), -1, axis)


def counted_repeat_vjp(g, a, repeats, axis):
    """Every element has its own number of copies."""
    if axis is None:
        flat = np.zeros(np.size(a), g.dtype)
        np.add.at(flat, np.repeat(np.arange(np.size(a)), repeats), g)
        return np.reshape(flat, np.shape(a))
    result = np.zeros(np.shape(np.moveaxis(a, axis, 0)), g.dtype)
    np.add.at(result, np.repeat(np.arange(len(result)), repeats), np.moveaxis(g, axis, 0))
    return np.moveaxis(result, 0, axis)


def tile_vjp(g, A, reps):
    """One axis for the copies before each axis of the (extended) argument, summed."""
    counts = reps if isinstance(reps, tuple) else (reps,)
    counts = (1,) * (np.ndim(g) - len(counts)) + counts
    shape = (1,) * (np.ndim(g) - np.ndim(A)) + np.shape(A)
    split = tuple(n for pair in zip(counts, shape, strict=True) for n in pair)
    total = np.sum(np.reshape(g, split), axis=tuple(range(0, 2 * np.ndim(g), 2)))
    return np.reshape(total, np.shape(A))


def negated(shift):
    """The shifts of ``np.roll`` that undo ``shift``."""
    return tuple(-s for s in shift)
