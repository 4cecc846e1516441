import numpy as np


async def load(x):
    return x * x


def f(x):
    return np.sum(load(x).send(None))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
awaited.py:9:19: load is a coroutine
     9 |     return np.sum(load(x).send(None))
       |                   ^^^^^^^
    make it an ordinary function: def without async, calls without await
    while differentiating f (awaited.py:8) with respect to x
"""
