import numpy as np


class Meta(type):
    def __call__(cls, *args):
        return args[0]


class Thing(metaclass=Meta):
    pass


def f(x):
    return np.sum(Thing(x * x))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
