import numpy as np


def f(x):
    if x[0] > 10.0:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)
at_run_time = True

message = """\
no_return.py:4:1: the function returns None here
     4 | def f(x):
       | ^^^^^^^^^
    return a number or an array on every path, or raise an exception
"""
