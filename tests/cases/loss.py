"""One layer and a mean squared error, split."""

import numpy as np


def loss(W, x, y):
    h = np.tanh(x @ W)
    err = h - y
    return np.mean(err ** 2)


ARGS = (np.ones((3, 2)) * 0.3, np.arange(15.0).reshape(5, 3) / 10, np.zeros((5, 2)))
FORM = "split"


# -- generated --

import numpy as np


def loss_fwd(W, x, y):
    h = np.tanh(x @ W)
    err = h - y
    return np.mean(err ** 2), (x, h, err)


def loss_bwd(stash, out_bar):
    x, h, err = stash
    # line 9: return np.mean(err ** 2)
    err_bar = 2.0 * out_bar / err.size * err
    # line 7: h = np.tanh(x @ W)
    W_bar = x.T @ (err_bar * (1.0 - h * h))
    return W_bar
