import numpy as np


def averager():
    total = 0.0
    while True:
        v = yield total
        total = total + v


def f(x):
    g = averager()
    next(g)
    return g.send(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
