import numpy as np

import srcdiff


@srcdiff.numeric
def lookup(x):
    return np.array([eval("a * a", {"a": a}) for a in x])


def f(x):
    return np.sum(lookup(x) ** 2)


def call():
    srcdiff.hessian(f)(np.array([0.3, 0.7, 1.2]))


message = """\
numeric_twice.py:12:19: lookup is called as it is, and cannot be differentiated again
    12 |     return np.sum(lookup(x) ** 2)
       |                   ^^^^^^^^^
    write it in what srcdiff differentiates, or give it a rule
    while differentiating f (numeric_twice.py:11) with respect to x
"""
