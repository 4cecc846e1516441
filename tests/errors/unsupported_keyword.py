import numpy as np


def f(x):
    return np.sum(x * x, where=x > 0.0)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
unsupported_keyword.py:5:12: the keyword 'where' of np.sum is not supported
     5 |     return np.sum(x * x, where=x > 0.0)
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    compute everything and select: np.where(mask, f(x), other), np.sum(np.where(mask, x, 0.0))
    while differentiating f (unsupported_keyword.py:4) with respect to x
"""
