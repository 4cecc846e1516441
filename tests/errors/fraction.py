from fractions import Fraction

import numpy as np


def f(x):
    return np.sum(x) * float(Fraction(1, 3))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
fraction.py:7:30: Fraction computes with integers
     7 |     return np.sum(x) * float(Fraction(1, 3))
       |                              ^^^^^^^^^^^^^^
    compute with floats, or pass it as a float
    while differentiating f (fraction.py:6) with respect to x
"""
