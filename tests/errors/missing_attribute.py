import numpy as np


def f(x):
    return np.sum(x.values)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
