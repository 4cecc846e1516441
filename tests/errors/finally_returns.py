import numpy as np


def f(x):
    try:
        y = x * x
    finally:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
finally_returns.py:8:9: return, break or continue in a finally
     8 |         return np.sum(x)
       |         ^^^^^^^^^^^^^^^^
    put it after the try
    while differentiating f (finally_returns.py:4) with respect to x
"""
