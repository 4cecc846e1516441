"""Dynamic programming, recurrences, transforms."""

import numpy as np

from .registry import kernel, normal, uniform


@kernel(5.0 * uniform(5, 5), out="path")
def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]))


@kernel(5.0 * uniform(4, 4), out="path")
def floyd_warshall_by_elements(path):
    n = path.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                path[i, j] = path[i, j] if path[i, j] < path[i, k] + path[k, j] else path[i, k] + path[k, j]


def match(b1, b2):
    if b1 + b2 == 3:
        return 1
    return 0


@kernel(6, np.array([0, 3, 1, 2, 0, 3]), uniform(6, 6))
def nussinov(N, seq, bonus):
    """With a weight for each pair, so that there is something to differentiate."""
    table = np.zeros((N, N))
    for i in range(N - 1, -1, -1):
        for j in range(i + 1, N):
            if j - 1 >= 0:
                table[i, j] = np.maximum(table[i, j], table[i, j - 1])
            if i + 1 < N:
                table[i, j] = np.maximum(table[i, j], table[i + 1, j])
            if j - 1 >= 0 and i + 1 < N:
                if i < j - 1:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1] + match(seq[i], seq[j]) * bonus[i, j])
                else:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1])
            for k in range(i + 1, j):
                table[i, j] = max(table[i, j], table[i, k] + table[k + 1, j])
    return table


@kernel(uniform(6, 6))
def go_fast(a):
    trace = 0.0
    for i in range(a.shape[0]):
        trace += np.tanh(a[i, i])
    return a + trace


def fft_stages(N, R, K, x, y):
    """Stockham's fast Fourier transform of R**K points, radix R."""
    i_coord, j_coord = np.mgrid[0:R, 0:R]
    dft_mat = np.exp(-2.0j * np.pi * i_coord * j_coord / R)
    y[:] = x[:]
    for i in range(K):
        yv = np.reshape(y, (R**i, R, R**(K - i - 1)))
        tmp_perm = np.transpose(yv, axes=(1, 0, 2))
        ii = np.mgrid[0:R, 0:R**i]
        D = np.exp(-2.0j * np.pi * ii[0] * ii[1] / R**(i + 1))
        tmp = np.reshape(tmp_perm, (R, R**i, R**(K - i - 1))) * np.repeat(D[:, :, np.newaxis], R**(K - i - 1), axis=2)
        y[:] = np.reshape(np.reshape(dft_mat @ np.reshape(tmp, (R, R**(K - 1))), (R * R**i, R**(K - i - 1))), N)


@kernel(8, 2, 3, normal(8), normal(8, seed=1))
def stockham_fft(N, R, K, real, imag):
    """From and to real numbers."""
    y = np.empty(N, dtype=np.complex128)
    fft_stages(N, R, K, real + 1j * imag, y)
    return y.real, y.imag


@kernel(normal(8), normal(3))
def convolution(signal, taps):
    out = np.zeros(signal.size - taps.size + 1)
    for i in range(out.size):
        for j in range(taps.size):
            out[i] += signal[i + j] * taps[taps.size - 1 - j]
    return out


@kernel(uniform(7), 0.3)
def exponential_smoothing(x, alpha):
    s = np.empty_like(x)
    s[0] = x[0]
    for t in range(1, len(x)):
        s[t] = alpha * x[t] + (1.0 - alpha) * s[t - 1]
    return s


@kernel(uniform(6), uniform(6, seed=1) + 3.0, uniform(6, seed=2), normal(6))
def thomas(a, b, c, d):
    n = len(d)
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    x = np.empty(n)
    x[-1] = d[-1] / b[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return x
