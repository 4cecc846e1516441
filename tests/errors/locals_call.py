import numpy as np


def f(x):
    scale = 2.0
    return np.sum(x) * locals()["scale"]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
locals_call.py:6:24: locals() looks names up in a way that cannot be followed
     6 |     return np.sum(x) * locals()["scale"]
       |                        ^^^^^^^^
    use the names themselves
    while differentiating f (locals_call.py:4) with respect to x
"""
