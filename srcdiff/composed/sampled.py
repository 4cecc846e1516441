"""Differences, gradients on grids, periodic interpolation, polynomials."""

import numpy as np

from .static import axes_of, gradient_axes
from .table import composed


def _slab(value, a, axis):
    """A number as a slab of length 1 at the end of an axis of ``a``; an array as it is."""
    if np.ndim(value) > 0:
        return value
    shape = np.shape(np.moveaxis(a, axis, 0))[1:]
    return np.expand_dims(np.broadcast_to(value, shape), axis)


@composed("np.diff")
def diff(a, n=1, axis=-1, prepend=None, append=None):
    a = np.asarray(a)
    if n == 0:
        return a
    if prepend is not None and append is not None:
        a = np.concatenate((_slab(prepend, a, axis), a, _slab(append, a, axis)), axis)
    elif prepend is not None:
        a = np.concatenate((_slab(prepend, a, axis), a), axis)
    elif append is not None:
        a = np.concatenate((a, _slab(append, a, axis)), axis)
    return np.diff(a, n, axis)


@composed("np.ediff1d")
def ediff1d(ary, to_end=None, to_begin=None):
    flat = np.ravel(ary)
    steps = flat[1:] - flat[:-1]
    parts = [steps]
    if to_begin is not None:
        parts = [np.ravel(np.asarray(to_begin)).astype(steps.dtype), *parts]
    if to_end is not None:
        parts = [*parts, np.ravel(np.asarray(to_end)).astype(steps.dtype)]
    return steps if len(parts) == 1 else np.concatenate(parts)


@composed("np.gradient")
def gradient(f, *varargs, axis=None, edge_order=1):
    f = np.asarray(f)
    axes = gradient_axes(axis, np.ndim(f))
    spacing = varargs if varargs else (1.0,)
    if len(spacing) == 1 and np.ndim(spacing[0]) == 0:
        spacing = spacing * len(axes)
    if len(spacing) != len(axes):
        raise TypeError("invalid number of arguments")
    found = [np.gradient(f, spacing[k], axis=axes[k], edge_order=edge_order) for k in axes_of(len(axes))]
    return found[0] if len(axes) == 1 else tuple(found)


@composed("np.interp")
def interp(x, xp, fp, left=None, right=None, period=None):
    if period is None:
        return np.interp(x, np.asarray(xp), np.asarray(fp), left, right)
    period = abs(period)
    places = np.asarray(xp) % period
    order = np.argsort(places)
    places, values = places[order], np.asarray(fp)[order]
    places = np.concatenate((places[-1:] - period, places, places[0:1] + period))
    values = np.concatenate((values[-1:], values, values[0:1]))
    return np.interp(x % period, places, values)


@composed("np.polyder")
def polyder(p, m=1):
    p = np.asarray(p)
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@composed("np.polyint")
def polyint(p, m=1, k=None):
    p = np.asarray(p)
    constants = (0.0,) * m if k is None else (k,) * m if np.ndim(k) == 0 else k
    for i in range(m):
        p = np.concatenate((p / np.arange(len(p), 0, -1), np.atleast_1d(constants[i])))
    return p
