"""Two buffers that are swapped."""

import numpy as np


def double_buffer(a, n):
    b = a.copy()
    for t in range(n):
        b[1:-1] = 0.5 * (a[2:] + a[:-2]) * a[1:-1]
        a, b = b, a
    return np.sum(a * a)


ARGS = (np.linspace(0.2, 1.0, 6), 9)


# -- generated --

import numpy as np


def double_buffer_grad(a, n):
    a = a.copy()  # the caller's array is left alone
    b = a.copy()
    stash_saved = []
    for t in range(n):
        saved = b[1:-1]
        stash_saved.append(saved.copy())
        b[1:-1] = 0.5 * (a[2:] + a[:-2]) * a[1:-1]
        a, b = b, a
    # line 11: return np.sum(a * a)
    a_bar = 2.0 * a
    b_bar = np.zeros_like(a_bar)
    for t in reversed(range(n)):
        # line 9: b[1:-1] = 0.5 * (a[2:] + a[:-2]) * a[1:-1]
        b_1 = a
        saved = stash_saved.pop()
        b_1[1:-1] = saved  # rewind
        s_bar = a_bar[1:-1].copy()
        b_bar_1 = a_bar
        b_bar_1[1:-1] = 0.0
        a_bar = b_bar
        a_bar[1:-1] += s_bar * (0.5 * (b[2:] + b[:-2]))
        s_bar = s_bar * b[1:-1] * 0.5
        a_bar[:-2] += s_bar
        a_bar[2:] += s_bar
        b_bar = b_bar_1
        a = b
        b = b_1
    # line 7: b = a.copy()
    a_bar += b_bar
    return a_bar
