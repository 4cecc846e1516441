"""SciPy's linear algebra."""

from __future__ import annotations

import numpy as np
import scipy.linalg  # noqa: F401  the rows call it

from .declare import Num, row

_SPD, _RIGHT = Num((3, 3), form="spd"), (Num((3,)), Num((3, 2)))
for _b in _RIGHT:
    for _transposed in (False, True):
        row("scipy.linalg.solve", _SPD, _b, False, False, False, True, None, _transposed)
    row("scipy.linalg.solve", _SPD, _b, False, False, False, True, "pos")
    row("scipy.linalg.solve", _SPD, _b, True, False, False, True, "sym")
    for _trans in (0, 1, "T"):
        for _lower in (False, True):
            row("scipy.linalg.solve_triangular", _SPD, _b, _trans, _lower)
    row("scipy.linalg.solve_triangular", _SPD, _b, 0, True, True)
    row("scipy.linalg.solve_triangular", _SPD, _b, 1, False, True)
    for _lower in (False, True):
        row("scipy.linalg.cho_solve", (_SPD, _lower), _b)
    for _trans in (0, 1):
        row("scipy.linalg.lu_solve", (_SPD, Num((3,), 2, 3, dtype="int64")), _b, _trans)
for _form in ("spd", "F"):
    row("scipy.linalg.inv", Num((3, 3), form=_form))
    row("scipy.linalg.det", Num((3, 3), form=_form))
    row("scipy.linalg.lu_factor", Num((3, 3), form=_form))
for _lower in (False, True):
    row("scipy.linalg.cholesky", _SPD, _lower)
    row("scipy.linalg.cho_factor", _SPD, _lower)
    row("scipy.linalg.eigh", Num((3, 3)), _lower, False, False, True, "evd")  # signs of vectors as in single precision
    row("scipy.linalg.eigvalsh", Num((3, 3)), _lower)
for _shape in ((3, 3), (2, 4)):
    row("scipy.linalg.qr", Num(_shape))
for _shape in ((4, 3), (2, 4), (3, 3)):
    row("scipy.linalg.qr", Num(_shape), False, None, "economic")
    row("scipy.linalg.svd", Num(_shape), False)
    row("scipy.linalg.svdvals", Num(_shape))
    row("scipy.linalg.pinv", Num(_shape))
row("scipy.linalg.pinv", Num((4, 3)), 1e-5)
for _form in ("array", "F"):
    row("scipy.linalg.lu", Num((3, 3), form=_form))
row("scipy.linalg.expm", Num((3, 3)))
row("scipy.linalg.expm", Num((2, 3, 3)))
for _ord in (None, 1, 2, 3, np.inf):
    row("scipy.linalg.norm", Num((4,)), _ord)
    row("scipy.linalg.norm", Num((2, 3)), _ord, 1)
for _ord in (None, "fro", "nuc", 1, 2, -np.inf):
    row("scipy.linalg.norm", Num((3, 4)), _ord)
    row("scipy.linalg.norm", Num((2, 3, 4)), _ord, (0, 2), True)
