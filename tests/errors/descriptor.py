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
"""
