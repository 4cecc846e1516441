import numpy as np


class Lazy:
    def __getattribute__(self, name):
        return len(name)


def f(x):
    return np.sum(x) * Lazy().width


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
getattribute.py:10:24: Lazy defines __getattribute__
    10 |     return np.sum(x) * Lazy().width
       |                        ^^^^^^^^^^^^
    use a property or a method
    while differentiating f (getattribute.py:9) with respect to x
"""
