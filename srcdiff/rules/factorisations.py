"""SciPy's linear algebra: factors, and solving with them. SciPy is imported by the program under study, never from here.

Adjoints are triangular solves, or solves with the factors that are there; none forms an inverse. Formulas: M. B. Giles (2008);
of the matrix exponential I. Najfeld and T. F. Havel (1995).
"""

from __future__ import annotations

from . import factor_shapes as shapes
from .linalg import norm_formulas
from .table import constant, general

_QUIET = "overwrite_a=False, check_finite=True"
_STATIC = "lower trans unit_diagonal transposed assume_a overwrite_a overwrite_b check_finite"


def _tri(x: str, trans: int | str = 0, lower: bool | str = True) -> str:
    return f"scipy.linalg.solve_triangular({x}, trans={trans}, lower={lower})"


_SOLVE = "scipy.linalg.solve({0}, {1}, lower=lower, assume_a=assume_a, transposed={2})"
_W = _SOLVE.format("a", "g", "not transposed")
general("scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, "
        "transposed=False)", shape=shapes.solved, static=_STATIC,
        a=f"rt.factor_adjoint({_W}, y, lower, assume_a, transposed)", b=_W,
        jvp={"a": "-" + _SOLVE.format("a", "rt.read_matrix(g, lower, assume_a, transposed) @ y", "transposed"),
             "b": _SOLVE.format("a", "g", "transposed")})

_TRIANGULAR = "scipy.linalg.solve_triangular(a, {0}, trans={1}, lower=lower, unit_diagonal=unit_diagonal)"
_W = _TRIANGULAR.format("g", "1 - rt.transposes(trans)")
general("scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True)",
        shape=shapes.solved, static=_STATIC,
        a=f"rt.triangular_adjoint({_W}, y, rt.transposes(trans), lower, unit_diagonal)", b=_W,
        jvp={"a": "-" + _TRIANGULAR.format("rt.read_triangle(g, rt.transposes(trans), lower, unit_diagonal) @ y", "trans"),
             "b": _TRIANGULAR.format("g", "trans")})

# Of L (or U = L.T) with the adjoint g: the lower triangle of L.T @ g with half its diagonal, between two solves.
_L, _U = "np.tril({0})", "np.triu({0})"


def _cholesky_vjp(factor: str, g: str) -> str:
    low = _tri(f"{factor}, " + _tri(f"{factor}, rt.lower_half(np.tril({factor}).T @ np.tril({g}))", 1) + ".T", 1)
    up = _tri(f"{factor}, " + _tri(f"{factor}, rt.lower_half(np.triu({factor}) @ np.triu({g}).T)", 0, False) + ".T", 0, False)
    return f"(rt.folded({low}.T) if lower else rt.folded({up}.T).T)"


def _cholesky_jvp(factor: str) -> str:
    low = _tri(f"{factor}, " + _tri(f"{factor}, rt.symmetric(g, True)") + ".T")
    up = _tri(f"{factor}, " + _tri(f"{factor}, rt.symmetric(g, False)", 1, False) + ".T", 1, False)
    return f"(np.tril({factor}) @ rt.lower_half({low}) if lower else rt.lower_half({up}).T @ np.triu({factor}))"


general(f"scipy.linalg.cholesky(a, lower=False, {_QUIET})", shape=shapes.like_matrix, static=_STATIC,
        a=_cholesky_vjp("y", "g"), jvp={"a": _cholesky_jvp("y")})

# The other triangle of the result is that of the argument.
general(f"scipy.linalg.cho_factor(a, lower=False, {_QUIET})", shape=shapes.factor_and_flag, static=_STATIC,
        a=f"{_cholesky_vjp('y[0]', 'g[0]')} + (np.triu(g[0], 1) if lower else np.tril(g[0], -1))",
        jvp={"a": f"({_cholesky_jvp('y[0]')} + (np.triu(g, 1) if lower else np.tril(g, -1)), False)"})
_W = "scipy.linalg.cho_solve(c_and_lower, g)"
general("scipy.linalg.cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True)", shape=shapes.with_factor,
        static=_STATIC, c_and_lower=f"rt.cholesky_factor_adjoint({_W}, y, c_and_lower[0], c_and_lower[1])", b=_W,
        jvp={"c_and_lower": "-scipy.linalg.cho_solve(c_and_lower, rt.cholesky_change(g, c_and_lower[0], c_and_lower[1]) @ y)",
             "b": _W})

_LEFT = "scipy.linalg.solve_triangular(y[0], {0}, trans={1}, lower=True, unit_diagonal=True)"
_BOTH = _tri("y[0], " + _LEFT.format("rt.lu_inner(g[0], y[0])", 1) + ".T", 0, False) + ".T"
general(f"scipy.linalg.lu_factor(a, {_QUIET})", shape=shapes.factor_and_pivots, static=_STATIC,
        a=f"({_BOTH})[np.argsort(rt.permutation_of(y[1]))]",
        jvp={"a": "(rt.lu_change(" + _tri("y[0], " + _LEFT.format("g[rt.permutation_of(y[1])]", 0) + ".T", 1, False)
                  + ".T, y[0]), np.zeros_like(y[1]))"})
_LU = "scipy.linalg.lu_solve(lu_and_piv, {0}, trans={1})"
_W = _LU.format("g", "1 - trans")
general("scipy.linalg.lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True)", shape=shapes.with_factor,
        static=_STATIC, lu_and_piv=f"rt.lu_adjoint({_W}, y, lu_and_piv[0], rt.permutation_of(lu_and_piv[1]), trans)", b=_W,
        jvp={"lu_and_piv": "-" + _LU.format("rt.lu_product(g, y, lu_and_piv[0], rt.permutation_of(lu_and_piv[1]), trans)",
                                             "trans"),
             "b": _LU.format("g", "trans")})
constant("rt.permutation_of(piv)", shape=shapes.permutation)

_HALVES = "[..., :np.shape(A)[-1], np.shape(A)[-1]:]"
general("scipy.linalg.expm(A)", shape=shapes.stack_of_matrices,
        A=f"scipy.linalg.expm(rt.matrix_pair(np.swapaxes(A, -1, -2), g)){_HALVES}",
        jvp={"A": f"scipy.linalg.expm(rt.matrix_pair(A, g)){_HALVES}"})

general(f"scipy.linalg.inv(a, {_QUIET})", shape=shapes.like_matrix, static=_STATIC,
        a="-(y.T @ g @ y.T)", jvp={"a": "-(y @ g @ y)"})
general(f"scipy.linalg.det(a, {_QUIET})", shape=shapes.determinant, static=_STATIC,
        a="g * rt.cofactor(a)", jvp={"a": "np.sum(rt.cofactor(a) * g)"})
general("scipy.linalg.norm(a, ord=None, axis=None, keepdims=False, check_finite=True)", shape=shapes.matrix_norm,
        static="check_finite", a=norm_formulas("a")[0], jvp={"a": norm_formulas("a")[1]})
