"""A stencil that overwrites its state."""

import numpy as np


def wave(u, c, n):
    for t in range(n):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


ARGS = (np.linspace(0.1, 1.0, 9), 0.1, 3)
ARGNUMS = (0, 1)


# -- generated --

def wave_grad(u, c, n):
    u = u.copy()  # the caller's array is left alone
    stash = []
    for t in range(n):
        stash.append(u[1:-1].copy())
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    # line 9: return np.sum(u * u)
    u_bar = 2.0 * u
    c_bar = 0.0
    for t in reversed(range(n)):
        # line 8: u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
        t1 = stash.pop()
        u[1:-1] = t1  # rewind
        s_bar = u_bar[1:-1] * (u[2:] - u[:-2])
        r_bar = u_bar[1:-1] * (c * t1)
        u_bar[:-2] -= r_bar
        u_bar[2:] += r_bar
        c_bar += s_bar @ t1
        u_bar[1:-1] += s_bar * c
    return u_bar, float(c_bar)
