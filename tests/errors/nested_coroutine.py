import numpy as np


def f(x):
    async def square():
        return x * x

    return np.sum(square())


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
