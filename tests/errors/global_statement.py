import numpy as np

total = 0.0


def f(x):
    global total
    total = np.sum(x * x)
    return total


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
