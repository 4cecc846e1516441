import numpy as np


weights = np.ones(3)


def f(x):
    weights[0] = x[0]
    return np.sum(x * weights)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
