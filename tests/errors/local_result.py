import numpy as np

import srcdiff


def f(x):
    class Box:
        def __init__(self, v):
            self.v = v

    return Box(x * x)


args = (np.array([0.3, -0.7, 1.2]),)


def call():
    return srcdiff.vjp(f, *args)


message = """\
local_result.py:6:1: a result of the class Box, which is made in the function
     6 | def f(x):
       | ^^^^^^^^^
    define the class outside of the function
    while differentiating f (local_result.py:6) with respect to x
"""
