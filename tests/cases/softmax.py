"""Cross entropy of a softmax."""

import numpy as np


def softmax(W, x, labels):
    z = x @ W
    z = z - np.max(z, axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


ARGS = (np.arange(6.0).reshape(2, 3) / 7, np.arange(8.0).reshape(4, 2) / 3, np.array([0, 2, 1, 1]))


# -- generated --

import numpy as np


def softmax_grad(W, x, labels):
    z = x @ W
    t = np.max(z, axis=1, keepdims=True)
    z_1 = z - t
    t1 = np.exp(z_1)
    # line 10: return -np.mean(logp[np.arange(len(labels)), labels])
    logp_bar = np.zeros_like(z)
    logp_bar[np.arange(labels.shape[0]), labels] = -1.0 / labels.size
    # line 9: logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    z_bar = logp_bar - np.sum(logp_bar, axis=1, keepdims=True) / np.sum(t1, axis=1, keepdims=True) * t1
    # line 8: z = z - np.max(z, axis=1, keepdims=True)
    mask = (z == t).astype(np.float64)
    z_bar -= np.sum(z_bar, axis=1, keepdims=True) / np.sum(mask, axis=1, keepdims=True) * mask
    # line 7: z = x @ W
    W_bar = x.T @ z_bar
    return W_bar
