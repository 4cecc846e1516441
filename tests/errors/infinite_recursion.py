import numpy as np


def f(x):
    return x[0] * f(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
infinite_recursion.py:5:19: f calls itself on every path
     5 |     return x[0] * f(x)
       |                   ^^^^
    give it a base case
    while differentiating f (infinite_recursion.py:4) with respect to x
"""
