"""Quotients, logarithms and powers that neither warn nor make a NaN of a zero where the rules need them."""

import numpy as np

from .structural import sdiv

__all__ = ["conjugated", "log_or_zero", "power_vjp", "ratio", "reciprocal"]


def conjugated(x):
    return np.conjugate(x) if np.iscomplexobj(x) else x


def ratio(a, b):
    """``a / b``, but ``a`` where b is 0. Its own derivatives are NaN there, and nothing warns."""
    return a / np.where(b == 0.0, 1.0, b)[()]


def reciprocal(x):
    """``1 / x``, NaN at 0, without a warning."""
    zero = x == 0.0
    return np.where(zero, np.nan, 1.0 / np.where(zero, 1.0, x)).astype(np.asarray(x).dtype)[()]


def log_or_zero(x):
    """log(x), but 0 at 0 and NaN below, and no warning."""
    positive = x > 0.0
    found = np.log(np.where(positive, x, 1.0))
    below = np.where(x == 0.0, np.zeros_like(found), np.full_like(found, np.nan))
    return np.where(positive, found, below)


def power_vjp(g, a, b):
    """``g * b * a ** (b - 1)``, as a division where b is below 1: that is quiet at a == 0."""
    return sdiv(g * b * np.power(a, np.maximum(b - 1, 0)), np.power(a, np.maximum(1 - b, 0)))
