"""A helper with a default, in line."""

import numpy as np


def scaled(x, c=2.0):
    return c * np.sin(x)


def helper(x):
    return np.sum(scaled(x) * scaled(x, 3.0))


ARGS = (np.array([0.3, 0.5]),)


# -- generated --

import numpy as np


def helper_grad(x):
    # line 7: return c * np.sin(x)
    x_bar = 2.0 * (6.0 * np.sin(x) * np.cos(x))
    return x_bar
