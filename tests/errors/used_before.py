import numpy as np


def f(x):
    y = y + x[0]
    return y


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
