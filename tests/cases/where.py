"""A logarithm guarded by where: zero stays zero."""

import numpy as np


def where(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0))


ARGS = (np.array([1.5, 0.3, 2.0]),)


# -- generated --

import numpy as np

from srcdiff import runtime as rt


def where_grad(x):
    # line 7: return np.sum(np.where(x > 0.0, np.log(x), 0.0))
    x_bar = rt.sdiv(np.where(x > 0.0, 1.0, 0.0), x)
    return x_bar
