import numpy as np


def counter():
    count = 0

    def f(x):
        nonlocal count
        count += 1
        return np.sum(x * x) * count

    return f


f = counter()


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
nonlocal_outside.py:9:9: count is bound outside of the differentiated function
     9 |         count += 1
       |         ^^^^^^^^^^
    return the new value
    while differentiating f (nonlocal_outside.py:7) with respect to x
"""
