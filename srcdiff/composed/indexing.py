"""Selecting, picking and writing by index or mask."""

import numpy as np

from .static import along, axes_of
from .table import composed


@composed("np.select")
def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    choices = [np.asarray(c) if isinstance(c, (list, tuple)) else c for c in choicelist]
    result = default
    for k in reversed(axes_of(len(condlist))):
        result = np.where(condlist[k], choices[k], result)
    dtype = np.result_type(*choices, default)  # np.where of two numbers is float64, which they are not beside arrays
    result = result if np.result_type(result) == dtype else result.astype(dtype)
    return result if np.ndim(result) < 2 else result.copy()  # in C order, whatever the choices have


@composed("np.piecewise")
def piecewise(x, condlist, funclist, *args, **kw):
    flat = np.atleast_1d(x)
    conditions = condlist if isinstance(condlist, (list, tuple)) else [condlist]
    masks = [np.reshape(np.asarray(c).astype(bool), np.shape(flat)) for c in conditions]
    if len(funclist) == len(masks) + 1:
        taken = masks[0]
        for m in masks[1:]:
            taken = taken | m
        masks = [*masks, ~taken]
    result = np.zeros_like(flat)
    for k in axes_of(len(masks)):
        piece = funclist[k]
        result[masks[k]] = piece(flat[masks[k]], *args, **kw) if callable(piece) else piece
    return np.reshape(result, np.shape(x))


@composed("np.compress")
def compress(condition, a, axis=None):
    return np.take(a, np.flatnonzero(np.asarray(condition)), axis=axis)


@composed("np.extract")
def extract(condition, arr):
    return np.take(np.ravel(arr), np.flatnonzero(np.asarray(condition)))


@composed("np.append")
def append(arr, values, axis=None):
    if axis is None:
        return np.concatenate((np.ravel(arr), np.ravel(values)))
    return np.concatenate((arr, values), axis=axis)


@composed("np.argwhere")
def argwhere(a):
    return np.stack(np.nonzero(np.atleast_1d(a)), axis=1)


@composed("np.unravel_index")
def unravel_index(indices, shape, order="C"):
    lengths = shape if isinstance(shape, (tuple, list)) else (shape,)
    n = len(lengths)
    rest = indices
    found = []
    for k in axes_of(n)[1:]:
        length = lengths[n - k] if order == "C" else lengths[k - 1]
        found.append(rest % length)
        rest = rest // length
    found.append(rest)
    return tuple([found[n - 1 - k] for k in axes_of(n)] if order == "C" else found)


@composed("np.ravel_multi_index")
def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    if mode != "raise":
        raise NotImplementedError("ravel_multi_index with a mode")
    n = len(dims)
    flat = multi_index[0] if order == "C" else multi_index[n - 1]
    for k in axes_of(n)[1:]:
        at = k if order == "C" else n - 1 - k
        flat = flat * dims[at] + multi_index[at]
    return flat


def cycled(values, count):
    """``count`` values, from the first again where they run out."""
    return np.take(np.ravel(values), np.arange(count) % np.size(values))


@composed("np.place")
def place(arr, mask, vals):
    where = np.asarray(mask).astype(bool)
    arr[where] = cycled(vals, np.count_nonzero(where))


@composed("np.putmask")
def putmask(a, mask, values):
    where = np.asarray(mask).astype(bool)
    if np.ndim(values) == 0:
        a[where] = values
    else:
        a[where] = np.reshape(cycled(values, np.size(a)), np.shape(a))[where]


@composed("np.put")
def put(a, ind, v, mode="raise"):
    flat = np.ravel(ind)
    if mode == "wrap":
        flat = flat % np.size(a)
    if mode == "clip":
        flat = np.clip(flat, 0, np.size(a) - 1)
    a[unravel_index(flat, np.shape(a))] = v if np.ndim(v) == 0 else cycled(v, np.size(flat))


@composed("np.put_along_axis")
def put_along_axis(arr, indices, values, axis):
    if axis is None:
        arr[unravel_index(np.ravel(indices), np.shape(arr))] = np.ravel(values) if np.ndim(values) > 1 else values
    else:
        n = np.ndim(arr)
        places = [indices if k == axis % n else np.reshape(np.arange(np.shape(arr)[k]), along(k, n)) for k in axes_of(n)]
        arr[tuple(places)] = values
