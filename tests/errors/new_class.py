import numpy as np


def f(x):
    Box = type("Box", (), {"scale": 2.0})
    return np.sum(x) * Box.scale


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
new_class.py:5:11: type() with three arguments makes a class
     5 |     Box = type("Box", (), {"scale": 2.0})
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    define the class outside of the function
    while differentiating f (new_class.py:4) with respect to x
"""
