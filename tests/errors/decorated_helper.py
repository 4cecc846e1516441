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
"""
