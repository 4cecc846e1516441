"""A list of layers of different widths."""

import numpy as np


def layers(params, x, y):
    for W, b in params:
        x = np.tanh(x @ W + b)
    return np.mean((x - y) ** 2)


ARGS = ([(np.ones((3, 4)) * 0.1, np.zeros(4)), (np.ones((4, 2)) * 0.2, np.zeros(2))], np.ones((5, 3)), np.zeros((5, 2)))


# -- generated --

import numpy as np


def layers_grad(params, x, y):
    (W, b), (W_1, b_1) = params
    x_1 = np.tanh(x @ W + b)
    x_2 = np.tanh(x_1 @ W_1 + b_1)
    # line 9: return np.mean((x - y) ** 2)
    x_2_bar = 2.0 / x_2.size * (x_2 - y)
    # line 8: x = np.tanh(x @ W + b)
    t_bar = x_2_bar * (1.0 - x_2 * x_2)
    b_1_bar = np.sum(t_bar, axis=0)
    x_1_bar = t_bar @ W_1.T
    W_1_bar = x_1.T @ t_bar
    t_bar = x_1_bar * (1.0 - x_1 * x_1)
    b_bar = np.sum(t_bar, axis=0)
    W_bar = x.T @ t_bar
    return [(W_bar, b_bar), (W_1_bar, b_1_bar)]
