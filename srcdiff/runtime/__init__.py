"""``rt``: the few functions that generated code may call besides NumPy's, and those that the rules are written with.

Plain NumPy, free of the rest of the package: standalone output holds a copy of those that it uses. Those that are no
operations of their own are lowered like a user's helper functions, so they are themselves differentiable; those in
:mod:`srcdiff.runtime.static` work on static values only and are evaluated when the function is compiled. Names, also private
ones, are unique in the whole package.
"""
# ruff: noqa: F403 - each module says what it gives

from . import (
    decompositions,
    densities,
    diagonals,
    elementary,
    factors,
    fourier,
    guards,
    joining,
    manipulation,
    matrices,
    padding,
    picking,
    products,
    reductions,
    sampled,
    static,
    statistics,
    structural,
)
from .decompositions import *
from .densities import *
from .diagonals import *
from .elementary import *
from .factors import *
from .fourier import *
from .guards import *
from .joining import *
from .manipulation import *
from .matrices import *
from .padding import *
from .picking import *
from .products import *
from .reductions import *
from .sampled import *
from .static import *
from .statistics import *
from .structural import *

__all__: list[str] = []
__all__ += decompositions.__all__
__all__ += densities.__all__
__all__ += diagonals.__all__
__all__ += elementary.__all__
__all__ += factors.__all__
__all__ += fourier.__all__
__all__ += guards.__all__
__all__ += joining.__all__
__all__ += manipulation.__all__
__all__ += matrices.__all__
__all__ += padding.__all__
__all__ += picking.__all__
__all__ += products.__all__
__all__ += reductions.__all__
__all__ += sampled.__all__
__all__ += static.__all__
__all__ += statistics.__all__
__all__ += structural.__all__
