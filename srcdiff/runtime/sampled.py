"""Adjoints and tangents for sampled functions: differences, gradients on grids, interpolation, convolution, polynomials."""

import numpy as np

__all__ = ["bare_polyder", "diff_vjp", "gradient_f_vjp", "gradient_x_jvp", "gradient_x_vjp", "interp_cell",
           "interp_fp_vjp", "interp_inside", "interp_slope", "interp_xp_jvp", "interp_xp_vjp", "polyval_vjp", "vander_slope",
           "whole_convolution", "whole_correlation"]


def diff_vjp(g, a, n, axis):
    """Each difference goes to its two ends, with opposite signs; once for each order."""
    bar = np.moveaxis(g, axis, 0)
    if n == 1:
        return np.moveaxis(_to_ends(bar, np.shape(a)[axis]), 0, axis)
    for k in range(n - 1, -1, -1):
        bar = _to_ends(bar, np.shape(a)[axis] - k)
    return np.moveaxis(bar, 0, axis)


def _to_ends(g, length):
    bar = np.zeros((length,) + np.shape(g)[1:], g.dtype)
    bar[1:] = g
    bar[:-1] -= g
    return bar


# -- np.gradient along one axis ----------------------------------------------------------------------------------------


def _slopes(f, x):
    """Widths and slopes of the cells along the first axis; ``x``: the width of all cells, or the places of the samples."""
    steps = np.diff(f, axis=0)
    widths = np.full_like(steps, x) if np.ndim(x) == 0 else np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(f) - 1))
    return widths, steps / widths


def _gradient_bars(g, y, f, x, edge_order):
    """The adjoints of slopes and widths, where inside ``y = (h2 s1 + h1 s2) / (h1 + h2)``: Fornberg (1988)."""
    h, s = _slopes(f, x)
    s_bar, h_bar = np.zeros_like(s), np.zeros_like(s)
    w = g[1:-1] / (h[:-1] + h[1:])
    s_bar[:-1] = w * h[1:]
    s_bar[1:] += w * h[:-1]
    h_bar[:-1] = w * (s[1:] - y[1:-1])
    h_bar[1:] += w * (s[:-1] - y[1:-1])
    if edge_order == 1:
        s_bar[0] += g[0]
        s_bar[-1] += g[-1]
        return s_bar, h_bar, h, s
    first, last = g[0] / (h[0] + h[1]), g[-1] / (h[-1] + h[-2])
    s_bar[0] += first * (2.0 * h[0] + h[1])
    s_bar[1] -= first * h[0]
    h_bar[0] += first * (2.0 * s[0] - s[1] - y[0])
    h_bar[1] += first * (s[0] - y[0])
    s_bar[-1] += last * (2.0 * h[-1] + h[-2])
    s_bar[-2] -= last * h[-1]
    h_bar[-1] += last * (2.0 * s[-1] - s[-2] - y[-1])
    h_bar[-2] += last * (s[-1] - y[-1])
    return s_bar, h_bar, h, s


def gradient_f_vjp(g, y, f, x, axis, edge_order):
    """By the samples."""
    s_bar, _, h, _ = _gradient_bars(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), np.moveaxis(f, axis, 0), x, edge_order)
    return np.moveaxis(diff_vjp(s_bar / h, np.moveaxis(f, axis, 0), 1, 0), 0, axis)


def gradient_x_vjp(g, y, f, x, axis, edge_order):
    """By the spacing, or by the places of the samples; as if the samples were never taken to be evenly spaced."""
    if np.ndim(x) == 0:
        return -np.sum(g * y) / x
    lead = np.moveaxis(f, axis, 0)
    s_bar, h_bar, h, s = _gradient_bars(np.moveaxis(g, axis, 0), np.moveaxis(y, axis, 0), lead, x, edge_order)
    total = h_bar - s_bar * s / h
    return diff_vjp(np.sum(total, axis=tuple(range(1, np.ndim(f)))), x, 1, 0)


def gradient_x_jvp(g, y, f, x, axis, edge_order):
    if np.ndim(x) == 0:
        return -g * y / x
    y, f = np.moveaxis(y, axis, 0), np.moveaxis(f, axis, 0)
    h, s = _slopes(f, x)
    dh = np.reshape(np.diff(g), (-1,) + (1,) * (np.ndim(f) - 1))
    ds = -s * dh / h
    dot = np.zeros_like(y)
    dot[1:-1] = (dh[1:] * (s[:-1] - y[1:-1]) + h[1:] * ds[:-1] + dh[:-1] * (s[1:] - y[1:-1]) + h[:-1] * ds[1:]) / (
        h[:-1] + h[1:])
    if edge_order == 1:
        dot[0] = ds[0]
        dot[-1] = ds[-1]
    else:
        dot[0] = (ds[0] * (2.0 * h[0] + h[1]) - ds[1] * h[0] + dh[0] * (2.0 * s[0] - s[1] - y[0]) + dh[1] * (s[0] - y[0])) / (
            h[0] + h[1])
        dot[-1] = (ds[-1] * (2.0 * h[-1] + h[-2]) - ds[-2] * h[-1] + dh[-1] * (2.0 * s[-1] - s[-2] - y[-1])
                   + dh[-2] * (s[-1] - y[-1])) / (h[-1] + h[-2])
    return np.moveaxis(dot, 0, axis)


# -- interpolation -----------------------------------------------------------------------------------------------------


def interp_cell(x, xp):
    """The number of the cell in which each x is looked up, and where in it: from 0 to 1, also for those outside."""
    j = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, np.shape(xp)[0] - 2)
    width = xp[j + 1] - xp[j]
    return j, np.clip((x - xp[j]) / np.where(width == 0.0, 1.0, width), 0.0, 1.0)


def interp_inside(x, xp):
    return (x >= xp[0]) & (x <= xp[-1])


def interp_slope(x, xp, fp):
    """The slope of the cell, from knot to knot; 0 outside."""
    j, _ = interp_cell(x, xp)
    width = xp[j + 1] - xp[j]
    return np.where(interp_inside(x, xp), (fp[j + 1] - fp[j]) / np.where(width == 0.0, 1.0, width), 0.0)


def _of_the_table(g, x, xp, left, right):
    """The adjoints of those values that the table gave: not of those with values of their own outside."""
    if left is not None:
        g = np.where(x < xp[0], 0.0, g)
    return g if right is None else np.where(x > xp[-1], 0.0, g)


def interp_fp_vjp(g, x, xp, fp, left, right):
    j, t = interp_cell(x, xp)
    g = _of_the_table(g, x, xp, left, right)
    bar = np.zeros(np.shape(fp))
    np.add.at(bar, j, g * (1.0 - t))
    np.add.at(bar, j + 1, g * t)
    return bar


def interp_xp_vjp(g, x, xp, fp):
    j, t = interp_cell(x, xp)
    flow = g * interp_slope(x, xp, fp)
    bar = np.zeros(np.shape(xp))
    np.add.at(bar, j, flow * (t - 1.0))
    np.add.at(bar, j + 1, -flow * t)
    return bar


def interp_xp_jvp(g, x, xp, fp):
    j, t = interp_cell(x, xp)
    return interp_slope(x, xp, fp) * ((t - 1.0) * g[j] - t * g[j + 1])


# -- convolution -------------------------------------------------------------------------------------------------------


def _placed(g, size, start):
    whole = np.zeros(size, g.dtype)
    whole[start:start + np.shape(g)[0]] = g
    return whole


def whole_convolution(g, a, v, mode):
    """The adjoint of ``np.convolve(a, v, 'full')`` that only has the part which ``mode`` keeps."""
    if mode == "full":
        return g
    n, m = np.shape(a)[0], np.shape(v)[0]
    short = min(n, m)
    return _placed(g, n + m - 1, short - 1 if mode == "valid" else (short - 1) // 2)


def whole_correlation(g, a, v, mode):
    """The same of ``np.correlate``, which is reversed where ``a`` is the shorter one."""
    if mode == "full":
        return g
    n, m = np.shape(a)[0], np.shape(v)[0]
    short = min(n, m)
    if mode == "valid":
        return _placed(g, n + m - 1, short - 1)
    return _placed(g, n + m - 1, (short - 1) // 2 if n >= m else short // 2)


# -- polynomials -------------------------------------------------------------------------------------------------------


def bare_polyder(p):
    """The coefficients of the derivative of a polynomial, the highest power first."""
    return p[:-1] * np.arange(np.shape(p)[0] - 1, 0, -1)


def polyval_vjp(g, p, x):
    """By the coefficients: g times each power of x, summed."""
    return np.ravel(g) @ np.vander(np.ravel(x), np.shape(p)[0])


def vander_slope(y, increasing):
    """Each column of a Vandermonde matrix by x: its power times the column before."""
    slope = np.zeros_like(y)
    last = np.shape(y)[1] - 1
    if increasing:
        slope[:, 1:] = y[:, :-1] * np.arange(1, last + 1)
    else:
        slope[:, :-1] = y[:, 1:] * np.arange(last, 0, -1)
    return slope
