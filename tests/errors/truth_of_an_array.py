import numpy as np


def f(x):
    if x > 0.0:
        return np.sum(x)
    return 0.0


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
