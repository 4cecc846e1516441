import numpy as np


def f(x):
    return sum(v * v for v in x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
