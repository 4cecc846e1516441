import numpy as np


class Ignore:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is ZeroDivisionError


def f(x):
    with Ignore():
        y = x * x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
swallowing_manager.py:13:10: a context manager that may swallow exceptions: its __exit__ returns something
    13 |     with Ignore():
       |          ^^^^^^^^
    let its __exit__ return nothing
    while differentiating f (swallowing_manager.py:12) with respect to x
"""
