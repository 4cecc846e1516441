import numpy as np


def f(x, w):
    y = np.zeros(5)
    y[1:] = w
    return y[0] + np.sum(x[1:] * y)


args = (np.array([0.3, -0.7, 1.2]), np.array([1.0, 2.0, 3.0, 4.0]))

message = """\
lengths.py:7:26: lengths that do not fit: 2 (max(x.shape[0] - 1, 0)) and 5
     7 |     return y[0] + np.sum(x[1:] * y)
       |                          ^^^^^^^^^
    NumPy raises ValueError here: the function has no value at these arguments
    while differentiating f (lengths.py:4) with respect to x
"""
