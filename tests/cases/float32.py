"""float32 stays float32."""

import numpy as np


def float32(x, w):
    return np.sum(np.tanh(w * x)) * 0.5


ARGS = (np.array([0.3, 0.5], dtype=np.float32), np.float32(1.5))
ARGNUMS = (0, 1)


# -- generated --

import numpy as np


def float32_grad(x, w):
    t = np.tanh(w * x)
    # line 7: return np.sum(np.tanh(w * x)) * 0.5
    s_bar = np.full_like(x, 0.5) * (1.0 - t * t)
    w_bar = np.sum(s_bar * x)
    x_bar = s_bar * w
    return x_bar, w_bar
