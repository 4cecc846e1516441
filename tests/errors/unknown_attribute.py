import numpy as np


def f(x):
    return np.sum(x.strides) * x[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unknown_attribute.py:5:12: a function as an argument of np.sum
     5 |     return np.sum(x.strides) * x[0]
       |            ^^^^^^^^^^^^^^^^^
    while differentiating f (unknown_attribute.py:4) with respect to x
"""
