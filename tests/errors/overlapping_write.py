import numpy as np


def f(x):
    y = x.copy()
    y[1:] = y[:-1]
    y[::2] = y[:2]
    return np.sum(y * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
overlapping_write.py:7:5: an assignment between overlapping views of one array, in an order that NumPy leaves open
     7 |     y[::2] = y[:2]
       |     ^^^^^^
    copy the right-hand side: x[a] = x[b].copy()
    while differentiating f (overlapping_write.py:4) with respect to x
"""
