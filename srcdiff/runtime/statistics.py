"""Adjoints and tangents of extremes and order statistics: what several elements could give, they share equally."""

import numpy as np

from .reductions import expand
from .static import quantile_constants

__all__ = ["accumulate_max_jvp", "accumulate_max_vjp", "extreme_jvp", "extreme_shares", "lines", "quantile_jvp",
           "quantile_slope", "quantile_vjp", "reduceat_vjp", "subtract_reduce_vjp", "unlined"]


# -- extremes ----------------------------------------------------------------------------------------------------------


def extreme_shares(y, a, axis, keepdims, where, initial):
    """What each element has in the extreme ``y`` of those that count; nothing where the initial value is beyond them all."""
    whole = expand(y, axis, keepdims)
    chosen = a == whole if where is True else (a == whole) & where
    count = np.sum(chosen, axis=axis, keepdims=True)
    if initial is not None:
        count = count + (initial == whole)
    return chosen / np.maximum(count, 1)


def extreme_jvp(g, y, a, axis, keepdims, where, initial):
    return np.sum(g * extreme_shares(y, a, axis, keepdims, where, initial), axis=axis, keepdims=keepdims)


def subtract_reduce_vjp(g, a, axis, keepdims):
    """The first element counts as it is, the others negatively."""
    whole = np.moveaxis(np.broadcast_to(expand(g, axis, keepdims), np.shape(a)), axis, 0)
    return np.moveaxis(np.concatenate((whole[:1], -whole[1:]), axis=0), 0, axis)


def reduceat_vjp(g, a, indices, axis):
    """Each piece runs up to the next index, or is one element where that is not larger."""
    ends = np.append(indices[1:], np.shape(a)[axis])
    lengths = np.maximum(ends - indices, 1)
    piece = np.repeat(np.arange(np.size(indices)), lengths)
    places = np.arange(np.size(piece)) - np.repeat(np.cumsum(lengths) - lengths - indices, lengths)
    result = np.zeros(np.shape(np.moveaxis(a, axis, 0)), g.dtype)
    np.add.at(result, places, np.moveaxis(g, axis, 0)[piece])
    return np.moveaxis(result, 0, axis)


def _own_share(y, a):
    """Of a running extreme, along the first axis: 1 where it is a new one, a half where it is the old one again."""
    share = np.ones_like(a)
    share[1:] = np.where(a[1:] == y[:-1], 0.5, np.where(a[1:] == y[1:], 1.0, 0.0))
    return share


def _accumulate_max_vjp(g, y, a):
    rest = g.copy()
    share = _own_share(y, a)
    for i in range(len(a) - 1, 0, -1):
        rest[i - 1] += rest[i] * (1.0 - share[i])
    return rest * share


def _accumulate_max_jvp(g, y, a):
    share = _own_share(y, a)
    result = g * share
    for i in range(1, len(a)):
        result[i] += result[i - 1] * (1.0 - share[i])
    return result


def accumulate_max_vjp(g, y, a, axis):
    """Of ``np.maximum.accumulate`` and ``np.minimum.accumulate``."""
    return np.moveaxis(_accumulate_max_vjp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)


def accumulate_max_jvp(g, y, a, axis):
    return np.moveaxis(_accumulate_max_jvp(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(a, axis, 0)), 0, axis)


# -- order statistics --------------------------------------------------------------------------------------------------


def lines(a, axis):
    """The elements that are reduced together, along a last axis."""
    if axis is None:
        return np.ravel(a)
    if isinstance(axis, tuple):
        last = np.moveaxis(a, axis, tuple(range(-len(axis), 0)))
        return np.reshape(last, np.shape(last)[:-len(axis)] + (-1,))
    return np.moveaxis(a, axis, -1)


def unlined(m, a, axis):
    """The inverse of :func:`lines`; ``a`` has the shape of the result."""
    if axis is None:
        return np.reshape(m, np.shape(a))
    if isinstance(axis, tuple):
        places = tuple(range(-len(axis), 0))
        return np.moveaxis(np.reshape(m, np.shape(np.moveaxis(a, axis, places))), places, axis)
    return np.moveaxis(m, -1, axis)


def _last(m, skip):
    """The place of the largest element of each line."""
    return np.maximum(np.sum(~np.isnan(m), axis=-1, keepdims=True) - 1, 0) if skip else np.shape(m)[-1] - 1


def _neighbours(m, q, method, skip):
    """The order statistics below and above each quantile of the lines ``m``, and how far it is from the lower one.

    Hyndman and Fan (1996): the quantile's place among n sorted elements is n q + alpha + q (1 - alpha - beta) - 1. With
    ``skip``, NaNs do not count: they are sorted to the end.
    """
    alpha, beta = quantile_constants(method)
    ordered = np.sort(m, axis=-1)
    last = _last(m, skip)
    place = np.clip((last + (2 - alpha - beta)) * np.reshape(q, (-1,)) + (alpha - 1), 0.0, last)
    below = np.floor(place)
    above = np.minimum(below + 1, last)
    part = 0.5 * (place > below) if method == "midpoint" else place - below
    below, above = below.astype(np.int64), above.astype(np.int64)
    if skip:
        return np.take_along_axis(ordered, below, axis=-1), np.take_along_axis(ordered, above, axis=-1), part
    return np.take(ordered, below, axis=-1), np.take(ordered, above, axis=-1), part


def _shares(m, values):
    """For each value of a line (last axis but one of the result): what the line's elements have in it (last axis)."""
    same = np.expand_dims(m, -2) == np.expand_dims(values, -1)
    return same / np.maximum(np.sum(same, axis=-1, keepdims=True), 1)


def _weights(m, y, q, method, skip):
    """What each element of the lines (last axis) has in each quantile (last axis but one)."""
    if quantile_constants(method) is None:  # the quantile is one of the elements
        return _shares(m, np.moveaxis(np.reshape(y, (np.size(q),) + np.shape(m)[:-1]), 0, -1))
    low, high, part = _neighbours(m, q, method, skip)
    part = np.expand_dims(part, -1)
    return (1.0 - part) * _shares(m, low) + part * _shares(m, high)


def quantile_vjp(g, y, a, q, axis, method, skip):
    """Of the quantiles ``q`` over ``axis``; their own axes come first in ``g``."""
    m = lines(a, axis)
    bars = np.moveaxis(np.reshape(g, (np.size(q),) + np.shape(m)[:-1]), 0, -1)
    return unlined(np.sum(np.expand_dims(bars, -1) * _weights(m, y, q, method, skip), axis=-2), a, axis)


def quantile_jvp(g, y, a, q, axis, method, skip):
    m = lines(a, axis)
    dots = np.sum(np.expand_dims(lines(g, axis), -2) * _weights(m, y, q, method, skip), axis=-1)
    return np.reshape(np.moveaxis(dots, -1, 0), np.shape(y))


def quantile_slope(y, a, q, axis, method, skip):
    """The derivative of the quantiles by ``q``: the gap between two neighbours times how fast the place moves.

    Beyond the first and last element's places the quantile stays what it is there.
    """
    if quantile_constants(method) is None or method == "midpoint":
        return np.zeros_like(y)
    alpha, beta = quantile_constants(method)
    m = lines(a, axis)
    low, high, _ = _neighbours(m, q, method, skip)
    last = _last(m, skip)
    speed = last + (2 - alpha - beta)
    place = speed * np.reshape(q, (-1,)) + (alpha - 1)
    slope = np.where((place < 0) | (place > last), 0.0, (high - low) * speed)
    return np.reshape(np.moveaxis(slope, -1, 0), np.shape(y))
