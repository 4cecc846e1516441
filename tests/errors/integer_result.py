import numpy as np


def f(x):
    return len(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
f returns an int; a gradient needs a real floating-point number
"""
