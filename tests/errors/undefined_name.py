import numpy as np


def f(x):
    return np.sum(x) * scale


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
undefined_name.py:5:24: this raises NameError: the name scale is not defined
     5 |     return np.sum(x) * scale
       |                        ^^^^^
    so does the function itself when it is called
    while differentiating f (undefined_name.py:4) with respect to x
"""
