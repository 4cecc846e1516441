"""A closure and a lambda."""

import numpy as np


def closure(x, c):
    def shifted(y):
        return y - c

    square = lambda y: y * y  # noqa: E731
    return np.sum(square(shifted(x)))


ARGS = (np.array([0.3, 0.5]), 0.2)
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def closure_grad(x, c):
    # line 10: square = lambda y: y * y  # noqa: E731
    x_bar = 2.0 * (x - c)
    # line 8: return y - c
    c_bar = -np.sum(x_bar)
    return x_bar, float(c_bar)
