import concurrent.futures

import numpy as np


def f(x):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return sum(pool.map(np.sin, x))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
