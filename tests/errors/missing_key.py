import numpy as np


def f(x):
    table = {"a": x[0]}
    return table["b"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
