import numpy as np


def f(x):
    return np.sum(x @ x % "a")


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
