import numpy as np


def f(x):
    return np.sum(x @ x % "a")


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
operator_without_meaning.py:5:12: the argument is of type str, but must be a number or an array
     5 |     return np.sum(x @ x % "a")
       |            ^^^^^^^^^^^^^^^^^^^
    operands are numbers, arrays, or lists of them
    while differentiating f (operator_without_meaning.py:4) with respect to x
"""
