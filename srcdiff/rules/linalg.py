"""Products of vectors and matrices, parts of matrices, solving, norms."""

from __future__ import annotations

from . import matrix_shapes as shapes
from .index_shapes import triangle
from .shapes import like_first
from .table import bilinear, constant, general, linear

bilinear("np.matmul(a, b)", shape=shapes.matmul,
         a="g @ b.T if np.ndim(a) == 2 and np.ndim(b) == 2 else rt.matmul_vjp_a(g, a, b)",
         b="a.T @ g if np.ndim(a) == 2 and np.ndim(b) == 2 else rt.matmul_vjp_b(g, a, b)")
bilinear("np.dot(a, b)", shape=shapes.dot,
         a="g @ b.T if np.ndim(a) == 2 and np.ndim(b) == 2 else rt.dot_vjp_a(g, a, b)",
         b="a.T @ g if np.ndim(a) == 2 and np.ndim(b) == 2 else rt.dot_vjp_b(g, a, b)")
bilinear("np.inner(a, b)", shape=shapes.inner, a="rt.inner_vjp_a(g, a, b)", b="rt.inner_vjp_b(g, a, b)")
bilinear("np.vdot(a, b)", shape=shapes.vdot, a="np.reshape(rt.conjugated(g * np.ravel(b)), np.shape(a))",
         b="np.reshape(g * np.ravel(rt.conjugated(a)), np.shape(b))")
bilinear("np.outer(a, b)", shape=shapes.outer, layout="C",
         a="g @ b if np.ndim(a) == 1 and np.ndim(b) == 1 else rt.outer_vjp_a(g, a, b)",
         b="a @ g if np.ndim(a) == 1 and np.ndim(b) == 1 else rt.outer_vjp_b(g, a, b)")
bilinear("np.cross(a, b, axisa=-1, axisb=-1, axisc=-1)", shape=shapes.cross, real=True,
         a="rt.cross_vjp(g, a, b, axisc, axisa, axisb)", b="-rt.cross_vjp(g, b, a, axisc, axisb, axisa)",
         static="axisa axisb axisc")
bilinear("np.vecdot(a, b, *, axis=-1)", shape=shapes.vecdot,
         a="rt.conjugated(np.expand_dims(g, axis) * b)", b="np.expand_dims(g, axis) * rt.conjugated(a)")
bilinear("np.matvec(a, b)", shape=shapes.matvec,
         a="np.expand_dims(g, -1) * np.expand_dims(b, -2)", b="np.matvec(np.swapaxes(a, -1, -2), g)")
bilinear("np.vecmat(a, b)", shape=shapes.vecmat,
         a="rt.conjugated(np.matvec(b, g))", b="np.expand_dims(rt.conjugated(a), -1) * np.expand_dims(g, -2)")
general("np.linalg.multi_dot(arrays)", shape=shapes.multi_dot, dtype="promoted", layout="A",
        arrays="rt.multi_dot_vjp(g, arrays, i)",
        jvp={"arrays": "np.linalg.multi_dot(arrays[:i] + (g,) + arrays[i + 1:])"})
_RANKS = "axes, np.ndim(a), np.ndim(b)"
bilinear("np.tensordot(a, b, axes=2)", shape=shapes.tensordot, rank0="array",
         a=f"np.transpose(np.tensordot(g, b, rt.tensordot_axes_a({_RANKS})), rt.tensordot_order_a({_RANKS}))",
         b=f"np.transpose(np.tensordot(a, g, rt.tensordot_axes_b({_RANKS})), rt.tensordot_order_b({_RANKS}))")
_EINSUM = "np.einsum(rt.einsum_adjoint(subscripts, i), *operands[:i], g, *operands[i + 1:]"
general("np.einsum(subscripts, *operands, optimize=False)", shape=shapes.einsum, dtype="promoted", layout="A",
        operands=f"{_EINSUM}, optimize=optimize) if rt.einsum_covers(subscripts, i) else "
                 f"{_EINSUM}, rt.diagonal_mask(operands[i], rt.einsum_repeats(subscripts, i)), optimize=optimize) "
                 "if rt.einsum_repeats(subscripts, i) else "
                 f"{_EINSUM}, np.ones_like(operands[i]), optimize=optimize)",
        jvp={"operands": "np.einsum(subscripts, *operands[:i], g, *operands[i + 1:], optimize=optimize)"})

constant("rt.diagonal_mask(a, term)", shape=like_first, dtype="same", static="term", shape_only="a")

linear("np.trace(a, offset=0, axis1=0, axis2=1)", shape=shapes.trace, dtype="summed",
       a="g * np.eye(np.shape(a)[0], np.shape(a)[1], offset) if np.ndim(a) == 2 and axis1 == 0 and axis2 == 1 else "
         "rt.trace_vjp(g, a, offset, axis1, axis2)")
linear("np.diagonal(a, offset=0, axis1=0, axis2=1)", a="rt.diagonal_vjp(g, a, offset, axis1, axis2)",
       shape=shapes.diagonal, layout="A")
linear("np.diag(v, k=0)", v="np.diagonal(g, k) if np.ndim(v) == 1 else rt.diagonal_vjp(g, v, k)",
       shape=shapes.diag, static="k", layout="A")
linear("np.tril(m, k=0)", m="np.tril(g, k)", shape=triangle)
linear("np.triu(m, k=0)", m="np.triu(g, k)", shape=triangle)

_MATRIX = {"shape": shapes.square_matrix, "dtype": "floating", "layout": "A"}
general("np.linalg.inv(a)", **_MATRIX, jvp={"a": "-(y @ g @ y)"},
        a="-(y.T @ g @ y.T) if np.ndim(a) == 2 else -(np.swapaxes(y, -1, -2) @ g @ np.swapaxes(y, -1, -2))")
_UPPER = "np.swapaxes(rt.cholesky_{0}(np.swapaxes(g, -1, -2), np.swapaxes(y, -1, -2)), -1, -2)"
general("np.linalg.cholesky(a, *, upper=False)", **_MATRIX, real=True, static="upper",
        a="rt.cholesky_vjp(g, y) if not upper else " + _UPPER.format("vjp"),
        jvp={"a": "rt.cholesky_jvp(g, y) if not upper else " + _UPPER.format("jvp")})
general("np.linalg.solve(a, b)", shape=shapes.solve, dtype="floating", layout="A",
        a="rt.solve_vjp_a(g, a, b, y)", b="rt.solve_vjp_b(g, a, b)",
        jvp={"a": "rt.solve_jvp_a(g, a, b, y)", "b": "np.linalg.solve(a, g)"})
general("np.linalg.det(a)", shape=shapes.determinant, dtype="floating",
        a="(g if np.ndim(a) == 2 else np.expand_dims(g, (-2, -1))) * rt.cofactor(a)",
        jvp={"a": "np.sum(rt.cofactor(a) * g, axis=(-2, -1))"})
general("rt.cofactor(a)", **_MATRIX, a="rt.cofactor_jvp(g, a)", jvp={"a": "rt.cofactor_jvp(g, a)"})
general("rt.cofactor_jvp(d, a)", **_MATRIX, d="rt.cofactor_jvp(g, a)", jvp={"d": "rt.cofactor_jvp(g, a)"})
general("np.linalg.slogdet(a)", shape=shapes.slogdet,  # the sign of a complex determinant turns with its logarithm
        a="rt.det_vjp(g[1] + 1j * np.imag(g[0] * y[0]) if np.iscomplexobj(a) else g[1], a)",
        jvp={"a": "rt.slogdet_jvp(rt.det_jvp(g, a), y[0])"})


def norm_formulas(x: str) -> tuple[str, str]:
    """The adjoint and the tangent of a norm of ``x``: 0 at 0, where it has no derivative."""
    g = "(g if axis is None or keepdims else np.expand_dims(g, axis))"
    y = "(y if axis is None or keepdims else np.expand_dims(y, axis))"
    options, total = f"{x}, ord, axis, keepdims", "axis, keepdims=keepdims)"
    matrices = f"(np.ndim({x}) == 2 if axis is None else isinstance(axis, tuple))"
    euclidean = f"ord is None or ord == 'fro' or (ord == 2 and not {matrices})"
    part = f"rt.ratio(rt.conjugated({x}), {y})"
    return (f"rt.smul({g}, {part}) if {euclidean} else rt.matrix_norm_vjp(g, {options}) if {matrices} else "
            f"{g} * np.sign({x}) if ord == 1 else rt.norm_vjp(g, y, {options})",
            f"np.sum(rt.smul(g, {part}), {total} if {euclidean} else "
            f"np.sum(g * rt.matrix_norm_vjp(np.ones_like(y), {options}), {total} if {matrices} else "
            f"np.sum(g * np.sign({x}), {total} if ord == 1 else "
            f"np.sum(g * rt.norm_vjp(np.ones_like(y), y, {options}), {total}")


general("np.linalg.norm(x, ord=None, axis=None, keepdims=False)", shape=shapes.norm, dtype="evaluated",
        x=norm_formulas("x")[0], jvp={"x": norm_formulas("x")[1]})
