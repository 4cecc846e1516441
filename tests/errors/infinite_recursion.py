import numpy as np


def f(x):
    return x[0] * f(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
