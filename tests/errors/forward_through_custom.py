import numpy as np

import srcdiff


@srcdiff.custom_vjp
def clipped(x):
    return x


clipped.defvjp(lambda x: (x, None), lambda _, g: (np.clip(g, -1.0, 1.0),))


def f(x):
    return np.sum(clipped(x * x))


def call():
    x = np.array([0.3, -0.7, 1.2])
    srcdiff.jvp(f, (x,), (x,))


message = """\
forward_through_custom.py:15:19: forward mode through clipped: clipped has no such rule, and its rule for reverse mode is not linear
    15 |     return np.sum(clipped(x * x))
       |                   ^^^^^^^^^^^^^^
    give it one with defjvp
    while differentiating f (forward_through_custom.py:14) with respect to x
"""
