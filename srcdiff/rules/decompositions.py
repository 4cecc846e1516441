"""Eigenvalues, QR, singular values, pseudo-inverses, least squares.

Signs and, among equal eigenvalues or singular values, directions of vectors are NumPy's choice; derivatives are those of
functions that do not depend on it, and for ``full_matrices=True`` also not on the choice of the vectors that go with no
singular value.
"""

from __future__ import annotations

from . import decomposition_shapes as shapes
from .table import constant, general

general("np.linalg.eigh(a, UPLO='L')", shape=shapes.eigenpairs, static="UPLO", real=True,
        a="rt.eigh_vjp(g[0], g[1], y[0], y[1], UPLO)", jvp={"a": "rt.eigh_jvp(g, y[0], y[1], UPLO)"})
general("np.linalg.eigvalsh(a, UPLO='L')", shape=shapes.eigenvalues, dtype="floating", static="UPLO", real=True, layout="C",
        a="rt.eigvalsh_vjp(g, a, UPLO)", jvp={"a": "rt.eigvalsh_jvp(g, a, UPLO)"})
general("rt.real_eig(a)", shape=shapes.eigenpairs,
        a="rt.eig_vjp(g[0], g[1], y[0], y[1])", jvp={"a": "rt.eig_jvp(g, y[0], y[1])"})
general("rt.real_eigvals(a)", shape=shapes.eigenvalues, dtype="floating", layout="C",
        a="rt.eigvals_vjp(g, a)", jvp={"a": "rt.eigvals_jvp(g, a)"})

general("np.linalg.qr(a, mode='reduced')", shape=shapes.qr, static="mode",
        a="rt.qr_vjp(g[0], g[1], y[0], y[1], a)", jvp={"a": "rt.qr_jvp(g, y[0], y[1], a)"})

general("np.linalg.svd(a, full_matrices=True)", shape=shapes.svd, static="full_matrices",
        a="rt.svd_vjp(g[0], g[1], g[2], y[0], y[1], y[2], full_matrices)",
        jvp={"a": "rt.svd_jvp(g, y[0], y[1], y[2], full_matrices)"})
general("np.linalg.svdvals(x)", shape=shapes.singular_values, dtype="floating", layout="C",
        x="rt.svdvals_vjp(g, x)", jvp={"x": "rt.svdvals_jvp(g, x)"})

PINV = "(y if {0} is None else rt.steady_pinv(a, {0}))"  # for a rule of the pseudo-inverse: y, with a check
_INVERSE = f"({PINV.format('rtol')} if rcond is None else rt.steady_pinv(a, rcond))"
general("np.linalg.pinv(a, rcond=None, *, rtol=None)", shape=shapes.pseudo_inverse,
        a=f"rt.pinv_vjp(g, {_INVERSE}, a)", jvp={"a": f"rt.pinv_jvp(g, {_INVERSE}, a)"})
general("rt.steady_pinv(a, rcond)", shape=shapes.pseudo_inverse,
        a="rt.pinv_vjp(g, y, a)", jvp={"a": "rt.pinv_jvp(g, y, a)"})
general("np.linalg.lstsq(a, b, rcond=None)", shape=shapes.least_squares,
        a="rt.lstsq_vjp_a(g, y, a, b, rcond)", b="rt.lstsq_vjp_b(g, y, a, b, rcond)",
        jvp={"a": "rt.lstsq_jvp(g, np.zeros_like(b), y, a, b, rcond)",
             "b": "rt.lstsq_jvp(np.zeros_like(a), g, y, a, b, rcond)"})
constant("np.linalg.matrix_rank(A, tol=None, hermitian=False, *, rtol=None)", shape=shapes.rank, dtype="int64",
         static="hermitian")
