"""A scalar loop over the items of an array."""

import numpy as np


def recurrence(x, n):
    for i in range(1, n):
        x[i] = np.sin(x[i - 1]) * x[i]
    return x[n - 1]


ARGS = (np.linspace(0.5, 1.5, 6), 6)


# -- generated --

import numpy as np


def recurrence_grad(x, n):
    x = x.copy()  # the caller's array is left alone
    stash = []
    stash_1 = []
    for i in range(1, n):
        t = np.sin(x[i - 1])
        stash.append(t)
        t1 = x[i]
        stash_1.append(t1)
        x[i] = t * t1
    # line 9: return x[n - 1]
    x_bar = np.zeros_like(x)
    x_bar[n - 1] = 1.0
    for i in reversed(range(1, n)):
        # line 8: x[i] = np.sin(x[i - 1]) * x[i]
        s_bar = x_bar[i]
        x_bar[i] = s_bar * stash.pop()
        t = i - 1
        x_bar[t] += s_bar * stash_1.pop() * np.cos(x[t])
    return x_bar
