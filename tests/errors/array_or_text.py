import numpy as np


def f(x):
    if x[0] > 0.0:
        y = "large"
    else:
        y = x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
