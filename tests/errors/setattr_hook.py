import numpy as np


class Checked:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2.0)


def f(x):
    c = Checked()
    c.v = x
    return np.sum(c.v)


args = (np.array([0.3, -0.7, 1.2]),)

message = """\
setattr_hook.py:11:5: Checked defines __setattr__
    11 |     c.v = x
       |     ^^^
    use a method
    while differentiating f (setattr_hook.py:9) with respect to x
"""
