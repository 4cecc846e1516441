import functools

import numpy as np


class Model:
    def __init__(self, w):
        self.w = w

    def scaled(self, factor):
        return factor * self.w

    twice = functools.partialmethod(scaled, 2.0)


def f(x):
    return np.sum(Model(x).twice())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
descriptor.py:17:19: the descriptor Model.twice is not followed
    17 |     return np.sum(Model(x).twice())
       |                   ^^^^^^^^^^^^^^
    use a property or a method
    while differentiating f (descriptor.py:16) with respect to x
"""
