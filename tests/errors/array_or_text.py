import numpy as np


def f(x):
    if x[0] > 0.0:
        y = "large"
    else:
        y = x
    return np.sum(y)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
array_or_text.py:9:19: y is str ('large') in one branch and array in the other
     9 |     return np.sum(y)
       |                   ^
    give it one type on every path
    while differentiating f (array_or_text.py:4) with respect to x
"""
