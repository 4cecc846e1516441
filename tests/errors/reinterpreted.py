import numpy as np


def f(x):
    return np.sum(x.view(np.int64) * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
reinterpreted.py:5:19: the method view of an array is not supported
     5 |     return np.sum(x.view(np.int64) * x)
       |                   ^^^^^^^^^^^^^^^^
    x.astype(dtype) converts the values; their bits have no derivative
    while differentiating f (reinterpreted.py:4) with respect to x
"""
