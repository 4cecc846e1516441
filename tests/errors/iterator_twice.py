import itertools

import numpy as np


def f(x):
    items = iter(x)
    for v in itertools.islice(items, 2):
        first = v
        break
    return first * next(items)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
iterator_twice.py:11:20: an iterator (iterator) that is gone through more than once, or as far as only the run knows
    11 |     return first * next(items)
       |                    ^^^^^^^^^^^
    make a list of it: items = list(...)
    while differentiating f (iterator_twice.py:6) with respect to x
"""
