import numpy as np


def f(x):
    squares = (v * v for v in x)
    return sum(squares) + sum(squares)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
iterator_twice.py:6:27: a generator that is gone through more than once
     6 |     return sum(squares) + sum(squares)
       |                           ^^^^^^^^^^^^
    make a list of it: items = list(...)
    while differentiating f (iterator_twice.py:4) with respect to x
"""
