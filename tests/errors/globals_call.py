import numpy as np


scale = 2.0


def f(x):
    return np.sum(x) * globals()["scale"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
