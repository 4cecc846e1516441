import numpy as np


def f(x):
    class Box:
        v = x

    return np.sum(Box.v)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
