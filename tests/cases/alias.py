"""Two names of one array."""

import numpy as np


def alias(x):
    y = x
    y[0] = x[1] * x[2]
    return np.sum(x * x)


ARGS = (np.array([0.3, 0.5, 0.8]),)


# -- generated --

def alias_grad(x):
    x = x.copy()  # the caller's array is left alone
    t = x[1]
    t1 = x[2]
    x[0] = t * t1
    # line 9: return np.sum(x * x)
    x_bar = 2.0 * x
    # line 8: y[0] = x[1] * x[2]
    s_bar = x_bar[0]
    x_bar[0] = 0.0
    x_bar[2] += s_bar * t
    x_bar[1] += s_bar * t1
    return x_bar
