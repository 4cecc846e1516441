import numpy as np


def f(x):
    y = x * 2.0
    return np.sum(vars()["y"])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
