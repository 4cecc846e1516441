import itertools

import numpy as np


def f(x):
    y = x.copy()
    s = 0.0
    for k, v in enumerate(itertools.accumulate(y)):
        y[k] = v
        s += v * v
    return s


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
read_ahead.py:9:27: what accumulate reads changes while it is gone through
     9 |     for k, v in enumerate(itertools.accumulate(y)):
       |                           ^^^^^^^^^^^^^^^^^^^^^^^
    make a list of it first: for v in list(...)
    while differentiating f (read_ahead.py:6) with respect to x
"""
