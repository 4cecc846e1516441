"""A loop that is left by break."""

import numpy as np


def search(x, limit):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
        if s > limit:
            break
    return s


ARGS = (np.array([0.5, 0.7, 0.9, 1.1]), 0.6)


# -- generated --

import numpy as np


def search_grad(x, limit):
    s = 0.0
    trips = 0
    for i in range(x.shape[0]):
        trips += 1
        t = x[i]
        s += t * t
        if s > limit:
            break
    x_bar = np.zeros_like(x)
    for i in reversed(range(trips)):
        # line 9: s += x[i] * x[i]
        x_bar[i] += 2.0 * x[i]
    return x_bar
