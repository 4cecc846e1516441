import numpy as np


def fill(q, k):
    if k == 0:
        return q
    q[k] = q[k - 1] * 2.0
    return fill(q, k - 1)


def f(x):
    y = fill(x, 2)
    return np.sum(y * x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
