import numpy as np


def f(x):
    return sum({x[0], x[1]})


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
