import numpy as np


def area(a, b):
    return a * b


def f(x):
    return area(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
