import concurrent.futures

import numpy as np


def f(x):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return sum(pool.map(np.sin, x))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
thread_pool.py:8:16: iterating over a library object
     8 |         return sum(pool.map(np.sin, x))
       |                ^^^^^^^^^^^^^^^^^^^^^^^^
    iterate over arrays, ranges, lists, tuples, dicts, strings or generators
    while differentiating f (thread_pool.py:6) with respect to x
"""
