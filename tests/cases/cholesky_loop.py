"""Nested loops over a triangle."""

import numpy as np


def cholesky_loop(a, n):
    for j in range(n):
        for k in range(j):
            a[j:, j] -= a[j:, k] * a[j, k]
        a[j:, j] /= np.sqrt(a[j, j])
    return np.sum(np.log(np.diag(a)))


ARGS = (np.eye(3) * 3.0 + 0.5, 3)


# -- generated --

import numpy as np

from srcdiff import runtime as rt


def cholesky_loop_grad(a, n):
    a = a.copy()  # the caller's array is left alone
    stash = []
    stash_1 = []
    for j in range(n):
        for k in range(j):
            a[j:, j] -= a[j:, k] * a[j, k]
        t = np.sqrt(a[j, j])
        stash.append(t)
        t = a[j:, j] / t
        stash_1.append(t)
        a[j:, j] = t
    # line 11: return np.sum(np.log(np.diag(a)))
    a_bar = np.zeros_like(a)
    rt.diagonal(a_bar, 0, 0, 1)[...] = 1.0 / a.diagonal()
    for j in reversed(range(n)):
        # line 10: a[j:, j] /= np.sqrt(a[j, j])
        t = stash.pop()
        s_bar = rt.sdiv(a_bar[j:, j], t)
        a_bar[j:, j] = s_bar
        s_bar = 0.5 * (s_bar @ stash_1.pop())
        a_bar[j, j] -= s_bar / t if s_bar != 0.0 else 0.0
        for k in reversed(range(j)):
            # line 9: a[j:, j] -= a[j:, k] * a[j, k]
            s_bar = a_bar[j:, j] @ a[j:, k]
            a_bar[j:, k] -= a_bar[j:, j] * a[j, k]
            a_bar[j, k] -= s_bar
    return a_bar
