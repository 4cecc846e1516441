import numpy as np


def f(x):
    try:
        y = np.log(x)
    except ValueError:
        y = x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
try_statement.py:5:5: the statement try is not supported
     5 |     try:
       |     ^^^^
    while differentiating f (try_statement.py:4) with respect to x
"""
