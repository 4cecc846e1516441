"""Operations of the representation itself, which generated code calls."""

import numpy as np

__all__ = ["add_lists", "copy_nest", "diagonal", "find", "instance", "sdiv", "smul", "unbroadcast", "zeros_list"]


def unbroadcast(g, x):
    """``g`` summed to the shape of ``x``: the adjoint of broadcasting x to the shape of g."""
    shape = np.shape(x)
    extra = np.ndim(g) - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    stretched = tuple(k for k, n in enumerate(shape) if n == 1 and np.shape(g)[k] != 1)
    return np.sum(g, axis=stretched, keepdims=True) if stretched else g


def diagonal(x, offset=0, axis1=0, axis2=1):
    """``np.diagonal`` as a view that may be written to."""
    view = np.diagonal(x, offset, axis1, axis2)
    view.flags.writeable = True
    return view


def instance(cls, **fields):
    """An object of class ``cls`` with these attributes; its ``__init__`` is not run."""
    made = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def copy_nest(value):
    """A stash of a kept function, with everything in it copied."""
    if isinstance(value, (list, tuple)):
        return type(value)(copy_nest(v) for v in value)
    return value.copy() if isinstance(value, np.ndarray) else value


def find(items, wanted):
    """The first place of an integer in a list, or of several in as many lists; -1 if there is none."""
    if isinstance(wanted, tuple):
        return next((k for k, found in enumerate(zip(*items, strict=True)) if found == wanted), -1)
    return items.index(wanted) if wanted in items else -1


def zeros_list(items):
    """A list of zeros like the elements of ``items``, however deep."""
    if isinstance(items, (list, tuple)):
        return type(items)(zeros_list(v) for v in items)
    if isinstance(items, np.ndarray):
        return np.zeros_like(items)
    return type(items)(0) if isinstance(items, (int, float, complex, np.generic)) else 0.0


def add_lists(a, b):
    """The sums of corresponding elements of two lists, however deep."""
    if isinstance(a, (list, tuple)):
        return type(a)(add_lists(x, y) for x, y in zip(a, b, strict=True))
    return a + b


def smul(g, p):
    """``g * p``, but zero where g is zero whatever p is. Only an overflow warns, and that not for arrays p."""
    if type(g) is float and type(p) is float:
        return g * p if g != 0.0 else 0.0
    if _is_harmless(p):  # the common cases, in a fraction of the time
        return np.multiply(g, p)
    with np.errstate(all="ignore"):
        if _has_no_zeros(g):
            return np.multiply(g, p)
        return np.where(np.equal(g, 0), g, np.multiply(g, p))[()]


def sdiv(g, p):
    """``g / p``, but zero where g is zero whatever p is. Only an overflow warns, and that not for arrays p."""
    if type(g) is float and type(p) is float and (g == 0.0 or p != 0.0):
        return g / p if g != 0.0 else 0.0
    if _is_harmless(p):
        return np.divide(g, p)
    with np.errstate(all="ignore"):
        result = np.divide(g, p) if _has_no_zeros(g) else np.where(np.equal(g, 0), g, np.divide(g, p))[()]
    return float(result) if type(g) is float and type(p) is float else result


def _is_harmless(p):
    """Whether a product with p, and a quotient by it, is zero where the other factor is."""
    return isinstance(p, float) and p != 0.0 and p - p == 0.0


def _has_no_zeros(g):
    return np.count_nonzero(g) == g.size if isinstance(g, np.ndarray) else g != 0.0
