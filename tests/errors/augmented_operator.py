import numpy as np


def f(x):
    y = np.zeros(3, dtype=int)
    y ^= 3
    x //= 2.0
    x @= np.eye(3)
    x **= x
    x >>= 1
    return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
