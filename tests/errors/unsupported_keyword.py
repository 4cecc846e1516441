import numpy as np


def f(x):
    return np.sum(np.add(x, x, casting="unsafe"))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unsupported_keyword.py:5:19: the keyword 'casting' of np.add is not supported
     5 |     return np.sum(np.add(x, x, casting="unsafe"))
       |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    supported: np.add(a, b)
    while differentiating f (unsupported_keyword.py:4) with respect to x
"""
