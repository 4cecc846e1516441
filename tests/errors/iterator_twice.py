import numpy as np


def f(x):
    squares = (v * v for v in x)
    return sum(squares) + sum(squares)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
