import numpy as np


def f(x):
    try:
        y = x * x
    finally:
        return np.sum(x)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
