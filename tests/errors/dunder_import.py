import numpy as np


def f(x):
    m = __import__("math")
    return m.sin(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
