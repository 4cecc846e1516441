"""A recurrent layer: the state is stashed once a trip."""

import numpy as np


def rnn(h, W, xs):
    for t in range(len(xs)):
        h = np.tanh(W @ h + xs[t])
    return np.sum(h * h)


ARGS = (np.ones(3) * 0.2, np.ones((3, 3)) * 0.3, np.arange(12.0).reshape(4, 3) / 10)
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def rnn_grad(h, W, xs):
    stash_h = []
    for t in range(xs.shape[0]):
        stash_h.append(h)
        h = np.tanh(W @ h + xs[t])
    # line 9: return np.sum(h * h)
    h_bar = 2.0 * h
    W_bar = np.zeros_like(W)
    for t in reversed(range(xs.shape[0])):
        # line 8: h = np.tanh(W @ h + xs[t])
        s_bar = h_bar * (1.0 - h * h)
        h = stash_h.pop()
        W_bar += np.outer(s_bar, h)
        h_bar = s_bar @ W
    return h_bar, W_bar
