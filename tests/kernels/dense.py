"""Dense linear algebra: products of matrices and vectors, full, symmetric and triangular."""

import numpy as np

from .registry import kernel, normal


@kernel(1.5, 1.2, normal(4, 5), normal(4, 3), normal(3, 5), out="C")
def gemm(alpha, beta, C, A, B):
    C[:] = alpha * A @ B + beta * C


@kernel(1.5, 1.2, normal(4, 5), normal(4, 3), normal(3, 5), out="C")
def gemm_by_elements(alpha, beta, C, A, B):
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[i, j] *= beta
        for k in range(A.shape[1]):
            for j in range(C.shape[1]):
                C[i, j] += alpha * A[i, k] * B[k, j]


@kernel(1.5, 1.2, normal(4, 5), normal(5, 3), normal(3, 6), normal(4, 6), out="D")
def k2mm(alpha, beta, A, B, C, D):
    D[:] = alpha * A @ B @ C + beta * D


@kernel(normal(3, 4), normal(4, 5), normal(5, 2), normal(2, 6))
def k3mm(A, B, C, D):
    return A @ B @ C @ D


@kernel(normal(4, 5), normal(5))
def atax(A, x):
    return (A @ x) @ A


@kernel(normal(4, 5), normal(5), np.zeros(5), np.zeros(4), out="y")
def atax_by_rows(A, x, y, tmp):
    for i in range(A.shape[0]):
        tmp[i] = 0.0
        for j in range(A.shape[1]):
            tmp[i] += A[i, j] * x[j]
        y += A[i, :] * tmp[i]


@kernel(normal(4, 5), normal(5), normal(4))
def bicg(A, p, r):
    return r @ A, A @ p


@kernel(normal(5), normal(5, seed=1), normal(5, seed=2), normal(5, seed=3), normal(5, 5), out="x1 x2")
def mvt(x1, x2, y_1, y_2, A):
    x1 += A @ y_1
    x2 += y_2 @ A


@kernel(1.5, 1.2, normal(5, 5), normal(5, 5, seed=1), normal(5))
def gesummv(alpha, beta, A, B, x):
    return alpha * A @ x + beta * B @ x


@kernel(1.5, 1.2, normal(5, 5), normal(5), normal(5, seed=1), normal(5, seed=2), normal(5, seed=3), normal(5, seed=4),
        normal(5, seed=5), normal(5, seed=6), normal(5, seed=7), out="A w x")
def gemver(alpha, beta, A, u1, v1, u2, v2, w, x, y, z):
    A += np.outer(u1, v1) + np.outer(u2, v2)
    x += beta * y @ A + z
    w += alpha * A @ x


@kernel(1.5, 1.2, normal(5, 5), normal(5, 3), out="C")
def syrk(alpha, beta, C, A):
    for i in range(A.shape[0]):
        C[i, :i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, :i + 1] += alpha * A[i, k] * A[:i + 1, k]


@kernel(1.5, 1.2, normal(5, 5), normal(5, 3), normal(5, 3, seed=1), out="C")
def syr2k(alpha, beta, C, A, B):
    for i in range(A.shape[0]):
        C[i, :i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, :i + 1] += A[:i + 1, k] * alpha * B[i, k] + B[:i + 1, k] * alpha * A[i, k]


@kernel(1.5, normal(4, 4), normal(4, 5), out="B")
def trmm(alpha, A, B):
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            B[i, j] += np.dot(A[i + 1:, i], B[i + 1:, j])
    B *= alpha


@kernel(1.5, 1.2, normal(4, 5), normal(4, 4), normal(4, 5, seed=1), out="C")
def symm(alpha, beta, C, A, B):
    temp2 = np.empty((C.shape[1],), dtype=C.dtype)
    C *= beta
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[:i, j] += alpha * B[i, j] * A[i, :i]
            temp2[j] = B[:i, j] @ A[i, :i]
        C[i, :] += alpha * B[i, :] * A[i, i] + alpha * temp2


@kernel(normal(3, 4, 5), normal(5, 5), out="A")
def doitgen(A, C4):
    for r in range(A.shape[0]):
        for q in range(A.shape[1]):
            A[r, q, :] = A[r, q, :] @ C4


@kernel(normal(3, 4, 5), normal(5, 5), out="A")
def doitgen_reshaped(A, C4):
    NR, NQ, NP = A.shape
    A[:] = np.reshape(np.reshape(A, (NR, NQ, 1, NP)) @ C4, (NR, NQ, NP))


@kernel(np.array([0, 2, 3, 3, 6]), np.array([0, 3, 1, 0, 2, 4]), normal(6), normal(5))
def spmv(A_row, A_col, A_val, x):
    y = np.empty(A_row.size - 1, A_val.dtype)
    for i in range(A_row.size - 1):
        cols = A_col[A_row[i]:A_row[i + 1]]
        vals = A_val[A_row[i]:A_row[i + 1]]
        y[i] = vals @ x[cols]
    return y
