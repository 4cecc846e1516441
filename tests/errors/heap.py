import heapq

import numpy as np


def f(x):
    values = [x[0], x[1], x[2]]
    heapq.heapify(values)
    return values[0] * 2.0


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
heap.py:8:5: a heap of values that only the run knows
     8 |     heapq.heapify(values)
       |     ^^^^^^^^^^^^^^^^^^^^^
    use sorted or np.sort
    while differentiating f (heap.py:6) with respect to x
"""
