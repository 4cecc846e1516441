import numpy as np


def f(x):
    match range(len(x)):
        case [0, *rest]:
            return np.sum(x)
    return x[0]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
match_on_range.py:6:14: matching a range against a sequence
     6 |         case [0, *rest]:
       |              ^^^^^^^^^^
    make a list of it first: list(...)
    while differentiating f (match_on_range.py:4) with respect to x
"""
