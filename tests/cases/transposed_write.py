"""A write through a transpose."""

import numpy as np


def transposed_write(m, v):
    m.T[0] = v * v
    return np.sum(m * m)


ARGS = (np.arange(6.0).reshape(2, 3), np.array([0.5, 0.7]))
ARGNUMS = (0, 1)


# -- generated --

def transposed_write_grad(m, v):
    m = m.copy()  # the caller's array is left alone
    m.T[0] = v * v
    # line 8: return np.sum(m * m)
    m_bar = 2.0 * m
    # line 7: m.T[0] = v * v
    v_bar = m_bar.T[0] * v
    m_bar.T[0] = 0.0
    v_bar = 2.0 * v_bar
    return m_bar, v_bar
