import numpy as np


def f(x):
    return np.sum(x.values)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
missing_attribute.py:5:19: this raises AttributeError: an ndarray has no attribute 'values'
     5 |     return np.sum(x.values)
       |                   ^^^^^^^^
    so does the function itself when it is called
    while differentiating f (missing_attribute.py:4) with respect to x
"""
