"""A branch on data."""

import numpy as np


def branch(x, y):
    if x > y:
        z = x * y
    else:
        z = np.sin(x)
    return z * z


ARGS = (0.7, 1.2)
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def branch_grad(x, y):
    t = x > y
    if t:
        z = x * y
    else:
        z = np.sin(x)
    # line 11: return z * z
    z_bar = 2.0 * z
    if t:
        # line 8: z = x * y
        x_bar = z_bar * y
        y_bar = z_bar * x
    else:
        # line 10: z = np.sin(x)
        x_bar = z_bar * np.cos(x)
        y_bar = 0.0
    return float(x_bar), float(y_bar)
