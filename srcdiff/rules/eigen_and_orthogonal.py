"""SciPy's eigenvalues, QR, LU, singular values and pseudo-inverses; as in :mod:`srcdiff.rules.decompositions`.

SciPy is imported by the program under study, never from here.
"""

from __future__ import annotations

from . import decomposition_shapes as shapes
from .decompositions import PINV
from .table import general

_STATIC = ("lower eigvals_only full_matrices compute_uv mode pivoting permute_l p_indices return_rank overwrite_a check_finite "
           "lwork driver lapack_driver")
_HALF = "'L' if lower else 'U'"

general("scipy.linalg.eigh(a, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True, driver=None)",
        shape=shapes.plain_eigenpairs, static=_STATIC,
        a=f"rt.eigh_vjp(g[0], g[1], y[0], y[1], {_HALF})", jvp={"a": f"rt.eigh_jvp(g, y[0], y[1], {_HALF})"})
general("scipy.linalg.eigvalsh(a, *, lower=True, overwrite_a=False, check_finite=True, driver=None)",
        shape=shapes.plain_eigenvalues, static=_STATIC,
        a=f"rt.eigvalsh_vjp(g, a, {_HALF})", jvp={"a": f"rt.eigvalsh_jvp(g, a, {_HALF})"})
general("scipy.linalg.qr(a, overwrite_a=False, lwork=None, mode='full', pivoting=False, check_finite=True)",
        shape=shapes.plain_qr, static=_STATIC,
        a="rt.qr_vjp(g[0], g[1], y[0], y[1], a)", jvp={"a": "rt.qr_jvp(g, y[0], y[1], a)"})
general("scipy.linalg.svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver='gesdd')",
        shape=shapes.plain_svd, static=_STATIC,
        a="rt.svd_vjp(g[0], g[1], g[2], y[0], y[1], y[2], full_matrices)",
        jvp={"a": "rt.svd_jvp(g, y[0], y[1], y[2], full_matrices)"})
general("scipy.linalg.svdvals(a, overwrite_a=False, check_finite=True)", shape=shapes.plain_singular_values, static=_STATIC,
        a="rt.svdvals_vjp(g, a)", jvp={"a": "rt.svdvals_jvp(g, a)"})
general("scipy.linalg.pinv(a, *, rtol=None, return_rank=False, check_finite=True)", shape=shapes.plain_inverse, static=_STATIC,
        a=f"rt.pinv_vjp(g, {PINV.format('rtol')}, a)", jvp={"a": f"rt.pinv_jvp(g, {PINV.format('rtol')}, a)"})
general("scipy.linalg.lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False)", shape=shapes.lu,
        static=_STATIC, a="rt.lu_vjp(g[1], g[2], y[0], y[1], y[2])", jvp={"a": "rt.lu_jvp(g, y[0], y[1], y[2])"})
