import numpy as np


def f(x):
    out = []
    for i in range(3):
        out.append(x)
        x[i] = x[i - 1] * 2.0
    return np.sum(out[0] * out[2])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
