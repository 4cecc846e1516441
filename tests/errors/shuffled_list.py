import random

import numpy as np


def f(x):
    order = [0, 1, 2]
    random.Random(0).shuffle(order)
    return x[order[0]] * x[order[1]]


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
shuffled_list.py:8:5: the method shuffle of a generator
     8 |     random.Random(0).shuffle(order)
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    draw a permutation, and index with it
    while differentiating f (shuffled_list.py:6) with respect to x
"""
