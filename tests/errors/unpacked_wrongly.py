import numpy as np


def f(x):
    a, b = x[0], x[1], x[2]
    return a * b


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
