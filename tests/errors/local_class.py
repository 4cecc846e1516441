import numpy as np


def f(x):
    class Box:
        v = x

    return np.sum(Box.v)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
local_class.py:5:5: a class inside of a function is not supported
     5 |     class Box:
       |     ^^^^^^^^^^
    define the class outside of the function
    while differentiating f (local_class.py:4) with respect to x
"""
