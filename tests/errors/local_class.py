import numpy as np

KINDS = {}


def register(cls):
    KINDS[cls.__name__] = cls
    return cls


def f(x):
    @register
    class Box:
        v = x

    return np.sum(Box.v)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
local_class.py:12:6: this decorator of a class inside of a function
    12 |     @register
       |      ^^^^^^^^
    define the class outside of the function
    while differentiating f (local_class.py:11) with respect to x
"""
