import numpy as np


def averager():
    total = 0.0
    while True:
        v = yield total
        total = total + v


def f(x):
    g = averager()
    next(g)
    return g.send(x[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
generator_send.py:14:12: the method send of a generator is not supported
    14 |     return g.send(x[0])
       |            ^^^^^^^^^^^^
    loop over it with for; what goes in are arguments of its function
    while differentiating f (generator_send.py:11) with respect to x
"""
