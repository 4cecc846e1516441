"""Derivatives of the logarithm of the normal density in several dimensions, of points in the rows of ``x``.

Petersen and Pedersen, The Matrix Cookbook (2012), 8.1.1. Of the covariance SciPy reads the lower triangle.
"""

import numpy as np

__all__ = ["density_cov_jvp", "density_cov_vjp", "density_mean_vjp", "density_x_vjp", "scaled_residual"]


def _mirrored(a):
    """The symmetric matrix with this lower triangle."""
    return np.tril(a) + np.tril(a, -1).T


def scaled_residual(x, mean, cov):
    """``cov^-1 (x - mean)``, for each row."""
    return np.linalg.solve(_mirrored(cov), (x if mean is None else x - mean).T).T


def density_x_vjp(g, x, mean, cov):
    v = scaled_residual(x, mean, cov)
    return -g * v if np.ndim(x) == 1 else -np.expand_dims(g, -1) * v


def density_mean_vjp(g, x, mean, cov):
    v = scaled_residual(x, mean, cov)
    return g * v if np.ndim(x) == 1 else np.sum(np.expand_dims(g, -1) * v, axis=0)


def density_cov_vjp(g, x, mean, cov):
    v = scaled_residual(x, mean, cov)
    if np.ndim(x) == 1:
        both = 0.5 * g * (np.expand_dims(v, -1) * np.expand_dims(v, 0) - np.linalg.inv(_mirrored(cov)))
    else:
        both = 0.5 * ((np.expand_dims(g, -1) * v).T @ v - np.sum(g) * np.linalg.inv(_mirrored(cov)))
    return np.tril(both) + np.tril(both, -1)


def density_cov_jvp(g, x, mean, cov):
    v = scaled_residual(x, mean, cov)
    change = _mirrored(g)
    return 0.5 * (np.sum((v @ change) * v, axis=-1) - np.sum(np.linalg.inv(_mirrored(cov)) * change))
