import numpy as np


def f(x):
    return np.ma.masked_less(x, 0.0).sum()


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
masked_array.py:5:12: numpy.ma.core.masked_less cannot be followed: less has no derivative rule, and no Python source to look into
     5 |     return np.ma.masked_less(x, 0.0).sum()
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^
    three ways out: a rule (srcdiff.rules.elementwise, linear, ...), a derivative of yours (srcdiff.custom_vjp), or differences (srcdiff.numeric)
    while differentiating f (masked_array.py:4) with respect to x
"""
