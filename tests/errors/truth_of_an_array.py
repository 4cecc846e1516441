import numpy as np


def f(x):
    if x > 0.0:
        return np.sum(x)
    return 0.0


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
truth_of_an_array.py:5:8: the truth value of an array
     5 |     if x > 0.0:
       |        ^^^^^^^
    use np.any or np.all
    while differentiating f (truth_of_an_array.py:4) with respect to x
"""
