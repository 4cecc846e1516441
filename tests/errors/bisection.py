import bisect

import numpy as np


def f(x):
    return x[bisect.bisect([0.0, 1.0], x[0])] ** 2


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
bisection.py:7:14: a search in a list
     7 |     return x[bisect.bisect([0.0, 1.0], x[0])] ** 2
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    use np.searchsorted(values, x, side='right')
    while differentiating f (bisection.py:6) with respect to x
"""
