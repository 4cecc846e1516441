import numpy as np


def f(x):
    return np.sum(x * x)


args = (np.array([1, 2, 3]),)

message = """\
"""
