import numpy as np


def f(x):
    return np.sum(x * x)


args = (np.array([1, 2, 3]),)

message = """\
x is an array of int64 with 1 axis: derivatives are with respect to floating-point values. Pass x.astype(float), or choose other arguments with argnums
"""
