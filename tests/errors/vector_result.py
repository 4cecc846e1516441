import numpy as np


def f(x):
    return x * x


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
f returns an array of float64 with 1 axis; a gradient needs a single real number. Use srcdiff.vjp or srcdiff.jacobian, or reduce it, say with np.sum
"""
