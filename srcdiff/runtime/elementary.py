"""Parts of the derivatives of elementary functions that need more than a line."""

import numpy as np

__all__ = ["bessel_i1", "exp2_below", "exp_below", "sinc_slope"]


def exp_below(a, y):
    """``exp(a - y)`` for y = log(exp(a) + ...): 0 where both are minus infinity, without a warning."""
    return np.exp(a - np.where(y == -np.inf, 0.0, y))


def exp2_below(a, y):
    """``2 ** (a - y)`` for y = log2(2 ** a + ...)."""
    return np.exp2(a - np.where(y == -np.inf, 0.0, y))


def sinc_slope(x, y):
    """The derivative of y = sin(pi x) / (pi x): a Taylor series near 0, where the quotient would cancel."""
    near = np.absolute(x) < 0.3
    u = 3.141592653589793 * np.where(near, x, np.zeros_like(x))
    s = u * u
    series = -1 / 3 + s * (1 / 30 + s * (-1 / 840 + s * (1 / 45360 + s * (-1 / 3991680 + s * (
        1 / 518918400 + s * (-1 / 93405312000 + s * (1 / 22230464256000)))))))
    far = np.where(near, np.ones_like(x), x)
    return np.where(near, 3.141592653589793 * u * series, (np.cos(3.141592653589793 * far) - y) / far)[()]


def bessel_i1(x):
    """The derivative of ``np.i0``: the mean of cos(t) exp(x cos(t)) over the circle (Abramowitz and Stegun 1964, 9.6.19).

    The trapezoidal rule is exact to rounding: its error with n points is I_(n-1)(x), which vanishes beside I_1(x) for all x
    that do not overflow.
    """
    c = np.cos(np.arange(256) * (3.141592653589793 / 128))
    return np.mean(c * np.exp(np.expand_dims(x, -1) * c), axis=-1)
