import numpy as np


async def f(x):
    async with lock:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
asynchronous_with.py:4:1: a coroutine has no derivative
     4 | async def f(x):
       | ^^^^^^^^^^^^^^^
    make it an ordinary function: def without async, calls without await
    while differentiating f (asynchronous_with.py:4) with respect to x
"""
