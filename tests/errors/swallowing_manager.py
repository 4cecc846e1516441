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
"""
