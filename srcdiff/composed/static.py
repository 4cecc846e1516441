"""Functions of static values, for the composed functions: they are evaluated when a function is compiled."""

from ..errors import UnsupportedError

__all__ = ["along", "axes_of", "bits", "even_axes", "forwards", "gradient_axes", "grid_axis", "odd_axes", "ones", "other_axes",
           "ranks", "transform_axes", "transform_sizes", "unsupported", "with_one", "within"]


def along(axis, rank):
    """A shape for ``np.reshape``: everything along one of ``rank`` axes."""
    return tuple(-1 if k == axis else 1 for k in range(rank))


def axes_of(rank):
    return tuple(range(rank))


def even_axes(rank):
    """Every other axis of twice as many, from the first."""
    return tuple(range(0, 2 * rank, 2))


def odd_axes(rank):
    return tuple(range(1, 2 * rank, 2))


def ones(count):
    return (1,) * count


def grid_axis(k, rank, indexing):
    """The axis of ``np.meshgrid``'s results along which argument k varies."""
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    return 1 - k if indexing == "xy" and rank > 1 and k < 2 else k


def other_axes(axis, rank):
    """All axes but these."""
    some = (axis,) if isinstance(axis, int) else axis
    return tuple(k for k in range(rank) if k not in [a % rank for a in some])


def ranks(axes):
    """For each axis, how many of the others come before it."""
    return tuple(sum(other < axis for other in axes) for axis in axes)


def with_one(length, axis, rank):
    """A shape of ones but for ``length`` at one axis."""
    return tuple(length if k == axis % rank else 1 for k in range(rank))


def within(start, stop, axis, rank):
    """An index that takes a slice of one axis and all of the others."""
    return tuple(slice(start, stop) if k == axis % rank else slice(None) for k in range(rank))


def gradient_axes(axis, rank):
    axes = range(rank) if axis is None else (axis,) if isinstance(axis, int) else axis
    return tuple(k % rank for k in axes)


def unsupported(what, advice=""):
    """Refuse the program: what a composed function cannot do is an error when it is compiled."""
    raise UnsupportedError(what, advice=advice)


def bits(n):
    """The binary digits of a number, sign apart, the last one first."""
    return tuple(int(c) for c in reversed(f"{abs(n):b}"))


def forwards(axes, rank):
    """One axis, several, or all of them, as a tuple."""
    if axes is None:
        return tuple(range(rank))
    return tuple(axes) if isinstance(axes, (tuple, list)) else (axes,)


def transform_axes(s, axes, rank):
    """The axes of a Fourier transform: as many of the last ones as there are sizes if they are not given."""
    if axes is None:
        return tuple(range(rank)) if s is None else tuple(range(-len(s), 0))
    return tuple(axes)


def transform_sizes(s):
    return None if s is None else tuple(s)
