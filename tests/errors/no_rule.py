import numpy as np


def f(x):
    y = x * x
    return np.sum(np.unwrap(y))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
