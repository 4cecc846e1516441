import numpy as np


def f(x):
    if x[0] > 0.0:
        table = {"a": x[0]}
    else:
        table = {"b": x[1]}
    return sum(table.values())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
