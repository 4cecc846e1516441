"""An early return."""

import numpy as np


def early_return(x):
    if x < 0.0:
        return x * x
    y = np.exp(x)
    return y * x


ARGS = (0.7,)


# -- generated --

import numpy as np


def early_return_grad(x):
    t = x < 0.0
    if not t:
        y = np.exp(x)
    if t:
        # line 8: return x * x
        x_bar = 2.0 * x
    else:
        # line 9: y = np.exp(x)
        x_bar = y + x * y
    return float(x_bar)
