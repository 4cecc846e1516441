import numpy as np


def root(v):
    if v < 0.0:
        raise ValueError("negative")
    return np.sqrt(v)


def f(x):
    try:
        y = root(x[1])
    except ValueError:
        y = 0.0
    return y + x[0]


args = (np.array([0.3, -0.7, 1.2]),)

at_run_time = True

message = """\
caught_in_a_caller.py:6:9: ValueError is raised under a condition here, and caught by a caller
     6 |         raise ValueError("negative")
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    return a value that says so, and test it in the caller
"""
