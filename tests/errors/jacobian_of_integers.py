import numpy as np

import srcdiff


def f(x):
    return {"order": np.argsort(x), "value": x * x}


def call():
    srcdiff.jacobian(f)(np.array([0.3, -0.7, 1.2]))


message = """\
f(...)['order'] is an array of int64 with 1 axis; a Jacobian needs real floating-point numbers. Use srcdiff.vjp or srcdiff.jvp for complex ones, has_aux=True for others
"""
