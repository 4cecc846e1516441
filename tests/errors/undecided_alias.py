import numpy as np


def f(x, y):
    z = x if x[0] > 0.0 else y
    z[1] = z[0] * z[2]
    return np.sum(x * y)


args = (np.array([0.3, -0.7, 1.2]), np.array([1.0, 2.0, 3.0]))

message = """\
undecided_alias.py:6:5: whether this write changes another live array cannot be decided
     6 |     z[1] = z[0] * z[2]
       |     ^^^^
    write to a copy: x = x.copy()
    while differentiating f (undecided_alias.py:4) with respect to x
"""
