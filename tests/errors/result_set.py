import numpy as np


def f(x):
    seen = {0, 1}
    return sum(x[k] * x[k] for k in seen), seen


args = (np.array([0.3, -0.7, 1.2]),)


def call():
    import srcdiff

    srcdiff.value_and_grad(f, has_aux=True)(*args)


message = """\
result_set.py:4:1: a result that is a set
     4 | def f(x):
       | ^^^^^^^^^
    return a list, a tuple or a dict: list(...)
    while differentiating f (result_set.py:4) with respect to x
"""
