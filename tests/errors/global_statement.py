import numpy as np

total = 0.0


def f(x):
    global total
    total = np.sum(x * x)
    return total


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
global_statement.py:8:5: assigning to the global total
     8 |     total = np.sum(x * x)
       |     ^^^^^^^^^^^^^^^^^^^^^
    return the new value
    while differentiating f (global_statement.py:6) with respect to x
"""
