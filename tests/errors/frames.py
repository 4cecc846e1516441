import sys

import numpy as np


def f(x):
    return np.sum(x) * sys._getframe().f_lineno


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
frames.py:7:24: sys._getframe looks into the running program
     7 |     return np.sum(x) * sys._getframe().f_lineno
       |                        ^^^^^^^^^^^^^^^
    pass what you look for as an argument
    while differentiating f (frames.py:6) with respect to x
"""
