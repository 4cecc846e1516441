import numpy as np


def f(x):
    match range(len(x)):
        case [0, *rest]:
            return np.sum(x)
    return x[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
