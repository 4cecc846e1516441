import functools

import numpy as np


def memoise(fun):
    known = {}

    @functools.wraps(fun)
    def run(v):
        key = float(v)
        if key not in known:
            known[key] = fun(v)
        return known[key]

    return run


@memoise
def square(v):
    return v * v


def f(x):
    return square(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
decorated_helper.py:12:12: a key of a dict, or an element of a set, that is known only at run time
    12 |         if key not in known:
       |            ^^^^^^^^^^^^^^^^
    use keys that do not depend on data, or an array or a list indexed by an integer
    while differentiating f (decorated_helper.py:24) with respect to x
"""
