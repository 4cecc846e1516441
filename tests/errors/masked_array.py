import numpy as np


def f(x):
    return np.ma.masked_less(x, 0.0).sum()


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
