"""Forward mode of a loop."""

import numpy as np


def forward(x, w, n):
    for t in range(n):
        x = np.sin(w * x)
    return x


ARGS = (0.7, 1.3, 4)
ARGNUMS = (0, 1)
MODE = "forward"
FORM = "joint"


# -- generated --

import numpy as np


def forward_jvp(x, w, n, x_dot, w_dot):
    for t in range(n):
        t1 = w * x
        t1_dot = w_dot * x + x_dot * w
        x = np.sin(t1)
        x_dot = t1_dot * np.cos(t1)
    return x, x_dot
