import numpy as np


def f(x):
    scale = 2.0
    return np.sum(x) * locals()["scale"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
