"""An ODE with two states."""

import numpy as np


def pendulum(q, p, dt, n):
    for t in range(n):
        p = p - dt * np.sin(q)
        q = q + dt * p
    return q * q + p * p


ARGS = (0.5, 0.1, 0.1, 8)
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def pendulum_grad(q, p, dt, n):
    stash_q = []
    for t in range(n):
        stash_q.append(q)
        p = p - dt * np.sin(q)
        q = q + dt * p
    # line 10: return q * q + p * p
    p_bar = 2.0 * p
    q_bar = 2.0 * q
    for t in reversed(range(n)):
        # line 9: q = q + dt * p
        p_bar += q_bar * dt
        # line 8: p = p - dt * np.sin(q)
        q = stash_q.pop()
        q_bar -= p_bar * dt * np.cos(q)
    return float(q_bar), float(p_bar)
