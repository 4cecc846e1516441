"""Repeated indices add up."""

import numpy as np


def scatter(x, idx):
    y = x[idx]
    return np.sum(y * y)


ARGS = (np.array([0.3, 0.5, 0.8]), np.array([0, 0, 2, 1]))


# -- generated --

import numpy as np


def scatter_grad(x, idx):
    y = x[idx]
    # line 8: return np.sum(y * y)
    y_bar = 2.0 * y
    # line 7: y = x[idx]
    x_bar = np.zeros_like(x)
    np.add.at(x_bar, idx, y_bar)
    return x_bar
