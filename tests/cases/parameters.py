"""A dict of parameters."""

import numpy as np


def parameters(p, x):
    return p["c"] + np.sum(np.tanh(p["w"] * x))


ARGS = ({"w": np.array([0.3, 0.5]), "c": 0.7}, np.array([1.0, 2.0]))


# -- generated --

import numpy as np


def parameters_grad(p, x):
    t = p['w']
    t = np.tanh(t * x)
    return {'w': (1.0 - t * t) * x, 'c': 1.0}
