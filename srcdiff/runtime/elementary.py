"""Parts of the derivatives of elementary functions that need more than a line."""

import numpy as np

__all__ = ["bessel_i1", "digamma", "exp2_below", "exp_below", "sinc_slope", "trigamma"]


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


def digamma(x):
    """The derivative of ``math.lgamma``, of a number: recurrence up to 10, then the asymptotic series, and reflection below 1/2
    (Abramowitz and Stegun 1964, 6.3.5, 6.3.18 and 6.3.7).

    >>> round(digamma(1.0), 12)
    -0.577215664902
    """
    z = 1.0 - x if x < 0.5 else x
    y = 0.0
    while z < 10.0:
        y -= 1.0 / z
        z += 1.0
    r = 1.0 / (z * z)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760))))))
    y += np.log(z) - 0.5 / z - series
    return float(y - 3.141592653589793 / np.tan(3.141592653589793 * x) if x < 0.5 else y)


def trigamma(x):
    """The derivative of :func:`digamma`, in the same way (6.4.6, 6.4.12 and 6.4.7).

    >>> round(6.0 * trigamma(1.0) / np.pi ** 2, 12)
    1.0
    """
    z = 1.0 - x if x < 0.5 else x
    y = 0.0
    while z < 10.0:
        y += 1.0 / (z * z)
        z += 1.0
    r = 1.0 / (z * z)
    y += (1.0 + r * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730))))))) / z + 0.5 * r
    return (3.141592653589793 / np.sin(3.141592653589793 * x)) ** 2 - y if x < 0.5 else y
