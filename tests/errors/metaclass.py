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
metaclass.py:14:19: Thing has a metaclass, Meta, which may make anything of the call
    14 |     return np.sum(Thing(x * x))
       |                   ^^^^^^^^^^^^
    make the instance with a function, or outside and pass it as an argument
    while differentiating f (metaclass.py:13) with respect to x
"""
