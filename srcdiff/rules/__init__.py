"""Operations and their derivative rules: the verbs, and the table of what is built in."""

from . import (  # noqa: F401 (each registers its operations)
    arithmetic,
    creation,
    decompositions,
    distributions,
    eigen_and_orthogonal,
    elementary,
    factorisations,
    fourier,
    linalg,
    logic,
    manipulation,
    padding,
    reductions,
    sampled,
    scalars,
    sorting,
    special,
    statistics,
)
from .table import bilinear, constant, elementwise, general, linear

__all__ = ["bilinear", "constant", "elementwise", "general", "linear"]
