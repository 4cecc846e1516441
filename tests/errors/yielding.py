import numpy as np


def f(x):
    def squares():
        for v in x:
            yield v * v

    return sum(squares())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
yielding.py:7:13: the expression Yield is not supported
     7 |             yield v * v
       |             ^^^^^^^^^^^
    while differentiating f (yielding.py:4) with respect to x
"""
