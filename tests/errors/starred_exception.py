import numpy as np


def f(x):
    try:
        y = x * x
    except* ValueError:
        y = x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
starred_exception.py:5:5: except* is not supported
     5 |     try:
       |     ^^^^
    raise and catch single exceptions: except ValueError:
    while differentiating f (starred_exception.py:4) with respect to x
"""
