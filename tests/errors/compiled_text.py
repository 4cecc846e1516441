import numpy as np


def f(x):
    code = compile("x * 2.0", "text", "eval")
    return np.sum(eval(code))


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
"""
