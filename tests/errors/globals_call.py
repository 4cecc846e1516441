import numpy as np

scale = 2.0


def f(x):
    return np.sum(x) * globals()["scale"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
globals_call.py:7:24: globals() looks names up in a way that cannot be followed
     7 |     return np.sum(x) * globals()["scale"]
       |                        ^^^^^^^^^
    use the names themselves
    while differentiating f (globals_call.py:6) with respect to x
"""
