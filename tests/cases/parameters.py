"""A dict of parameters."""

import numpy as np


def parameters(p, x):
    return p["c"] + np.sum(np.tanh(p["w"] * x))


ARGS = ({"w": np.array([0.3, 0.5]), "c": 0.7}, np.array([1.0, 2.0]))


# -- generated --

import numpy as np


def parameters_grad(p, x):
    w = p['w']
    t = np.tanh(w * x)
    # line 7: return p["c"] + np.sum(np.tanh(p["w"] * x))
    w_bar = (1.0 - t * t) * x
    return {'w': w_bar, 'c': 1.0}
