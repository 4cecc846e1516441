import numpy as np


def f(x, y):
    z = y
    k = 0
    while k < 9:
        k += 1
        z = x
    z[1] = z[0] * z[2]
    return np.sum(x * y)


args = (np.array([0.3, -0.7, 1.2]), np.array([1.0, 2.0, 3.0]))

message = """\
undecided_alias.py:10:5: whether this write changes another live array cannot be decided
    10 |     z[1] = z[0] * z[2]
       |     ^^^^
    write to a copy: x = x.copy()
    while differentiating f (undecided_alias.py:4) with respect to x
"""
