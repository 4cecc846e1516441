import numpy as np


def f(x):
    y = x * 2.0
    return np.sum(vars()["y"])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
vars_call.py:6:19: vars() looks names up in a way that cannot be followed
     6 |     return np.sum(vars()["y"])
       |                   ^^^^^^
    use the names themselves, or getattr(instance, 'name')
    while differentiating f (vars_call.py:4) with respect to x
"""
