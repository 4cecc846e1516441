import math

import numpy as np


def f(x):
    try:
        y = math.sqrt(x[1])
    except ValueError:
        y = 0.0
    return y + x[0]


args = (np.array([0.3, -0.7, 1.2]),)

at_run_time = True

message = """\
caught_at_run_time.py:7:5: an exception was raised that this try catches: what follows would depend on how far the try got
     7 |     try:
       |     ^^^^
    test for the case instead: if x > 0: y = math.log(x)
"""
