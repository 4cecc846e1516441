import numpy as np


def f(x):
    try:
        y = x * x
    except* ValueError:
        y = x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
