import numpy as np


def ends(vector, width, axis, options):
    vector[:width[0]] = 1.0
    vector[len(vector) - width[1]:] = 2.0


def f(x):
    return np.sum(np.pad(x * x, 2, ends))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
pad_function.py:10:19: np.pad with a function as its mode
    10 |     return np.sum(np.pad(x * x, 2, ends))
       |                   ^^^^^^^^^^^^^^^^^^^^^^
    supported: 'constant', 'edge', 'linear_ramp', 'maximum', 'mean', 'median', 'minimum', 'reflect', 'symmetric', 'wrap', 'empty'
    while differentiating f (pad_function.py:9) with respect to x
"""
