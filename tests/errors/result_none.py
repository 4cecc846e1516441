import numpy as np


def f(x):
    x[0] = 1.0


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
f returns None; a gradient needs a single real number
"""
