"""Averages, covariances, ranges, integrals and running sums."""

import numpy as np

from .static import other_axes, ranks, with_one, within
from .table import composed


@composed("np.ptp")
def ptp(a, axis=None, **options):
    return np.max(a, axis=axis, **options) - np.min(a, axis=axis, **options)


@composed("np.average")
def average(a, axis=None, weights=None, returned=False, **options):
    if weights is None:
        mean = np.mean(a, axis=axis, **options)
        return (mean, np.full_like(mean, np.size(a) / np.size(mean))[()]) if returned else mean
    wgt = np.asarray(weights)
    if np.ndim(wgt) != np.ndim(a):
        if isinstance(axis, tuple):
            wgt = np.moveaxis(wgt, tuple(range(len(axis))), ranks(axis))
        wgt = np.expand_dims(wgt, other_axes(axis, np.ndim(a)))
    scale = np.sum(wgt, axis=axis, **options)
    if np.any(scale == 0.0):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    mean = np.sum(np.multiply(a, wgt), axis=axis, **options) / scale
    return (mean, scale + np.zeros_like(mean)) if returned else mean


def _rows(m, rowvar):
    """The variables as rows in double precision."""
    m = np.asarray(m)
    double = np.complex128 if np.iscomplexobj(m) else np.float64
    wide = m if m.dtype == double else m.astype(double)
    rows = np.atleast_2d(wide)
    return rows if rowvar or np.ndim(m) == 1 else rows.T


def _adjoint(x):
    return np.conjugate(x.T) if np.iscomplexobj(x) else x.T


@composed("np.cov")
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
    x = _rows(m, rowvar) if y is None else np.concatenate((_rows(m, rowvar), _rows(y, rowvar)), axis=0)
    if ddof is None:
        ddof = 0 if bias else 1
    if fweights is None and aweights is None:
        x = x - np.mean(x, axis=1)[:, np.newaxis]
        c = np.dot(x, _adjoint(x))
        c *= np.true_divide(1, np.shape(x)[1] - ddof)
        return np.squeeze(c)
    if fweights is None:
        w = np.asarray(aweights)
    else:
        w = np.asarray(fweights).astype(float) if aweights is None else np.asarray(fweights) * np.asarray(aweights)
    total = np.sum(w)
    mean = np.sum(np.multiply(x, w), axis=1) / total
    x = x - mean[:, np.newaxis]
    c = np.dot(x, _adjoint(x * w))
    if ddof == 0 or aweights is None:
        c *= np.true_divide(1, total - ddof)
    else:
        c *= np.true_divide(1, total - ddof * np.sum(w * np.asarray(aweights)) / total)
    return np.squeeze(c)


@composed("np.corrcoef")
def corrcoef(x, y=None, rowvar=True):
    c = cov(x, y, rowvar)
    if np.iscomplexobj(c):
        raise NotImplementedError("np.corrcoef of complex numbers")
    if np.ndim(c) == 0:
        return c / c
    scale = np.sqrt(np.diag(c))
    return np.clip(c / scale[:, np.newaxis] / scale[np.newaxis, :], -1, 1)


@composed("np.trapezoid", "scipy.integrate.trapezoid")
def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = np.asarray(y)
    if x is None:
        d = dx
    elif np.ndim(x) == 1:
        d = np.reshape(np.diff(x), with_one(-1, axis, np.ndim(y)))
    else:
        d = np.diff(x, axis=axis)
    upper, lower = y[within(1, None, axis, np.ndim(y))], y[within(None, -1, axis, np.ndim(y))]
    return np.sum(d * (upper + lower) / 2.0, axis=axis)


@composed("np.cumulative_sum")
def cumulative_sum(x, axis=None, dtype=None, include_initial=False):
    return cumulative(np.cumsum, np.zeros_like, x, axis, dtype, include_initial)


@composed("np.cumulative_prod")
def cumulative_prod(x, axis=None, dtype=None, include_initial=False):
    return cumulative(np.cumprod, np.ones_like, x, axis, dtype, include_initial)


def cumulative(scan, empty, x, axis, dtype, include_initial):
    """``empty``: what the initial value is like."""
    x = np.atleast_1d(x)
    along = 0 if axis is None and np.ndim(x) == 1 else axis
    total = scan(x, axis=along, dtype=dtype)
    if not include_initial:
        return total
    return np.concatenate([empty(total[within(0, 1, along, np.ndim(x))]), total], axis=along)
