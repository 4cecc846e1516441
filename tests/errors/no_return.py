import numpy as np


def f(x):
    if x[0] > 10.0:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
no_return.py:4:1: a result that is None on some paths
     4 | def f(x):
       | ^^^^^^^^^
    return a number or an array on every path
    while differentiating f (no_return.py:4) with respect to x
"""
