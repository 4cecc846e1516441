import numpy as np


def f(x):
    async def square():
        return x * x

    return np.sum(square())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
nested_coroutine.py:5:5: async def is not supported
     5 |     async def square():
       |     ^^^^^^^^^^^^^^^^^^^
    make it an ordinary function: def without async, calls without await
    while differentiating f (nested_coroutine.py:4) with respect to x
"""
