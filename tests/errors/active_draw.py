import numpy as np


def f(x):
    rng = np.random.default_rng(0)
    return np.sum(x * rng.normal(x[0], 1.0))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
active_draw.py:6:23: a derivative through normal, which is not followed
     6 |     return np.sum(x * rng.normal(x[0], 1.0))
       |                       ^^^^^^^^^^^^^^^^^^^^^
    draw from a fixed distribution and scale: mu + sigma * rng.normal()
    while differentiating f (active_draw.py:4) with respect to x
"""
