import numpy as np


class Scaled:
    def __get__(self, owner, cls):
        return owner.w * 2.0


class Model:
    scale = Scaled()

    def __init__(self, w):
        self.w = w


def f(x):
    return np.sum(Model(x).scale)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
descriptor.py:17:19: the descriptor Model.scale is not followed
    17 |     return np.sum(Model(x).scale)
       |                   ^^^^^^^^^^^^^^
    use a property or a method
    while differentiating f (descriptor.py:16) with respect to x
"""
