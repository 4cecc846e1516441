import numpy as np

total = 0.0


def f(x):
    global total
    total = np.sum(x * x)
    return total


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
global_statement.py:9:12: reading something outside of the function that the function writes to
     9 |     return total
       |            ^^^^^
    return the value, or pass it in
    while differentiating f (global_statement.py:6) with respect to x
"""
