import numpy as np


def f(x):
    return np.sum(x * x, where=x > 0.0)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
