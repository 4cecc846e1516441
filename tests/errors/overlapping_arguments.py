import numpy as np


def f(x, y):
    x[0] = y[1] * 2.0
    return np.sum(x * y)


base = np.arange(1.0, 7.0)
args = (base[:5], base[1:])

message = """\
the arguments x and y of f share memory, and it writes to one of them
    pass a copy of one of them: x.copy()
"""
