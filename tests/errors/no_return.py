import numpy as np


def f(x):
    if x[0] > 10.0:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
