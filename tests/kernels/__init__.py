"""Numerical kernels of the kinds that benchmark suites collect (Pouchet, PolyBench; Ziogas et al., NPBench, 2021).

Each is written anew from the algorithm, in the style of such suites: loops over slices, results written to arguments.
"""

from . import (  # noqa: F401 (each registers its kernels)
    dense,
    factorisations,
    fluids,
    layers,
    physics,
    recurrences,
    statistics,
    stencils,
    weather,
)
from .registry import TABLE, Kernel

__all__ = ["TABLE", "Kernel"]
