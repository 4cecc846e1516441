import numpy as np


def f(x):
    return np.sum(x.strides) * x[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unknown_attribute.py:5:19: the attribute strides of an array is not supported
     5 |     return np.sum(x.strides) * x[0]
       |                   ^^^^^^^^^
    supported: T, dtype, flat, imag, mT, ndim, real, shape, size, and methods
    while differentiating f (unknown_attribute.py:4) with respect to x
"""
