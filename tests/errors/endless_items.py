import numpy as np


class Squares:
    def __init__(self, v):
        self.v = v

    def __getitem__(self, k):
        return self.v[k] ** 2


def f(x):
    total = 0.0
    for v in Squares(x):
        total += v
    return total


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
endless_items.py:14:5: Squares has no end that can be seen here: __getitem__ does not raise IndexError
    14 |     for v in Squares(x):
       |     ^^^^^^^^^^^^^^^^^^^^
    raise IndexError in __getitem__ itself, or make __iter__ a generator (yield)
    while differentiating f (endless_items.py:12) with respect to x
"""
