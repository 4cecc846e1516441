import numpy as np

import srcdiff


@srcdiff.custom_vjp
def scaled(x, c):
    return c * x


scaled.defvjp(lambda x, c: (c * x, (x, c)), lambda kept, g: (g * kept[1], g * kept[0]))


def f(c):
    return np.sum(scaled(np.ones(3), c))


args = (2.0,)

message = """\
rule_of_another_shape.py:15:19: the adjoint of argument 1 of scaled is array of float64 with 1 axis, and what it belongs to is float
    15 |     return np.sum(scaled(np.ones(3), c))
       |                   ^^^^^^^^^^^^^^^^^^^^^
    while differentiating f (rule_of_another_shape.py:14) with respect to c
"""
