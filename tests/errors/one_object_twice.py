import numpy as np


def f(p):
    p[0][0] = p[1][1] * 2.0
    return np.sum(p[0] * p[1])


row = np.arange(1.0, 6.0)
args = ([row, row],)

message = """\
p[0] and p[1] are one object, and f changes it
    differentiate with respect to one of them, or pass a copy
    while differentiating f (one_object_twice.py:4) with respect to p
"""
