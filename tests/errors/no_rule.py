import numpy as np


def f(x):
    y = x * x
    return np.sum(np.frexp(y)[0])


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
no_rule.py:6:19: np.frexp has no derivative rule, and no Python source to look into
     6 |     return np.sum(np.frexp(y)[0])
       |                   ^^^^^^^^^^^
    three ways out: a rule (srcdiff.rules.elementwise, linear, ...), a derivative of yours (srcdiff.custom_vjp), or differences (srcdiff.numeric)
    while differentiating f (no_rule.py:4) with respect to x
"""
