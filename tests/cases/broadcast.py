"""Broadcasting is undone by sums."""

import numpy as np


def broadcast(a, b, c):
    return np.sum((a + b) * c)


ARGS = (np.ones((3, 1)) * 0.5, np.arange(4.0), np.arange(12.0).reshape(3, 4))
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def broadcast_grad(a, b, c):
    # line 7: return np.sum((a + b) * c)
    a_bar = np.sum(c, axis=1, keepdims=True)
    b_bar = np.sum(c, axis=0)
    return a_bar, b_bar
