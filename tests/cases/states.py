"""A list of states, stacked."""

import numpy as np


def states(h, w, n):
    hs = []
    for t in range(n):
        h = np.tanh(w * h)
        hs.append(h)
    return np.sum(np.stack(hs))


ARGS = (np.array([0.3, 0.5]), 1.5, 4)
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def states_grad(h, w, n):
    hs = []
    stash_h = []
    h_1 = h
    for t in range(n):
        stash_h.append(h_1)
        h_1 = np.tanh(w * h_1)
        hs.append(h_1)
    t1 = np.stack(hs)
    # line 11: return np.sum(np.stack(hs))
    t1_bar = np.broadcast_to(1.0, t1.shape)
    hs_bar = []
    for i in range(len(hs)):
        # line 11: return np.sum(np.stack(hs))
        hs_bar.append(t1_bar[i])
    h_bar = np.zeros_like(h)
    w_bar = 0.0
    for t in reversed(range(n)):
        # line 10: hs.append(h)
        h_bar += hs_bar.pop()
        # line 9: h = np.tanh(w * h)
        s_bar = h_bar * (1.0 - h_1 * h_1)
        h = stash_h.pop()
        w_bar += s_bar @ h
        h_bar = s_bar * w
        h_1 = h
    return h_bar, float(w_bar)
