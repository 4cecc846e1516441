import numpy as np


def f(x):
    return sum({x[0], x[1]})


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
set_display.py:5:16: the expression Set is not supported
     5 |     return sum({x[0], x[1]})
       |                ^^^^^^^^^^^^
    while differentiating f (set_display.py:4) with respect to x
"""
