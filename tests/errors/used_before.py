import numpy as np


def f(x):
    y = y + x[0]
    return y


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
used_before.py:5:9: y is used before it is assigned
     5 |     y = y + x[0]
       |         ^
    assign y on every path that gets here
    while differentiating f (used_before.py:4) with respect to x
"""
