import decimal

import numpy as np


def f(x):
    return float(decimal.Decimal(float(np.sum(x)))) * 2


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
decimal_numbers.py:7:18: Decimal computes in decimal digits
     7 |     return float(decimal.Decimal(float(np.sum(x)))) * 2
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    compute with floats
    while differentiating f (decimal_numbers.py:6) with respect to x
"""
