import numpy as np


async def f(x):
    async with lock:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
