import numpy as np


class Lazy:
    def __getattr__(self, name):
        return len(name)


def f(x):
    return np.sum(x) * Lazy().width


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
