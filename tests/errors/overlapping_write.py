import numpy as np


def f(x):
    y = x.copy()
    y[1:] = y[:-1]
    y[::2] = y[:2]
    return np.sum(y * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
