"""The smallest programs that break simpler algorithms than the compiler's (numbered as in docs/algorithms.md)."""

from __future__ import annotations

import numpy as np
import oracle
import pytest

import srcdiff

V5 = np.array([0.7, -0.4, 1.1, 0.3, -0.9])
V4 = V5[:4].copy()
M34 = np.array([[0.3, -0.7, 1.2, 0.5], [0.9, 0.2, -0.4, 0.8], [-0.6, 1.1, 0.4, -0.2]])
M33 = M34[:, :3].copy()


def p1(x):
    x *= 0.9
    x *= np.sin(x)
    return np.sum(np.sin(x))


def p2(x):
    s = 1.0
    for i in range(3):
        if x[i] > 0.0:
            s = s * x[0]
    return s * s


def p3(x):
    s = x[0]
    for i in reversed(range(4)):
        s = np.sin(s) * x[i]
    return s


def p4(y, b, c):
    k = 0
    while k < 3:
        k += 1
        b, y = y, b
        b *= c
    return np.sum(b * b) + np.sum(y * y * y)


def p5(h, W, xs):
    for t in range(3):
        h = np.tanh(W @ h + xs[t])
    return np.sum(h * h)


def p5_rewound(u, c):
    for _ in range(3):
        u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])
    return u


def p6(x):
    if x[1] < x[0]:
        t = np.sin(x[0])
        x[0] = t * t
    return np.sum(x * x)


def p7(x):
    n = np.zeros(4)
    k = 0
    if x[0] > 0.0:
        while k < 3:
            n[k] = k + 1.0
            k += 1
    return np.sum(x * x * n)


def p7_active_user(x):
    n = np.zeros(4)
    k = 0
    s = 0.0
    while k < 4:
        n[k % 2] += 1.0
        if n[0] > 1.0:
            s += x[k] * n[1]
            n[1] = 5.0
        k += 1
    return s * s


def p8(x):
    out = []
    for v in x:
        out.append(v * v)
    s = 0.0
    for v in out:
        s = s * 0.5 + v
    return s


def p9(a):
    b = np.zeros(5)
    for _ in range(3):
        b[1:-1] = np.sin(a[2:] * a[:-2])
        a, b = b, a
    return np.sum(a * a) + np.sum(b * b)


def p10(x):
    s = 1.0
    for v in x:
        t = np.sin(s) * v
        u = t * s
        s = t + u
        if s < -0.2:
            break
        s = s * 1.1
    return s


def p11(x):
    s1 = s2 = s3 = x
    for _ in range(3):
        t = np.sin(s1)
        s3 = t * s2
        s2 = s3 + t
        s1 = s2 * s1
    return s3 * s2 + s1


def p12(x):
    y = np.broadcast_to(1.0, x.shape)
    z = np.ones_like(x) * 2.0
    return np.sum(y * z) + np.sum(x * y)


def p13(x):
    def touch(q):
        q[0] = q[1] * q[1]
        return q[2]

    y = x[0:2] * touch(x)
    return np.sum(y * y)


def p14(x, y):
    b = x
    for i in range(3):
        s = b[i] * 0.5
        y += s
        b, y = y, b
    return np.sum(x * x) + np.sum(y * b)


def p14_back_edge(x):
    v = x * 1.0
    for i in range(3):
        v[:] = np.sin(v) * x[i]
        v = x[1:5]
    v[:] = v * v
    return np.sum(x * x) + np.sum(v)


def p15(x, y):
    x[0] = y[1] * 2.0
    return np.sum(x * y)


def p15_through_a_name(z):
    return p15(z, z)


def p16(x, y):
    return np.sum(x * y)


def p17(C):
    D = C @ C.T
    D += C @ C.T
    C[0] = D[0, 1]
    return np.sum(D) + np.sum(C * C)


def p18(x):
    k, y = 0, x
    while k < 3:
        k += 1
        y = y * x
    return y


def p18_trip_count_alone(x):
    k = 0
    while k < 5:
        k += 2
    return x * k * x


def p19(x):
    out = []
    h = x * 2.0
    for i in range(2):
        out.append(h)
        h[0] = h[1] * h[0]
    return np.sum(out[0] * out[1])


def p20(x):
    for _ in range(6):
        x *= x
        x -= 0.7
    return np.sum(x)


def p21(A):
    b = A.T.reshape(12)
    b[0] = b[1] * b[2]
    return np.sum(A * A) + np.sum(b * b)


def p21_argument_order(A):
    b = A.reshape(12)
    b[0] = b[1] * b[2]
    return np.sum(A * A) + np.sum(b * b)


def p22(A):
    A[0, 0] = A[1, 1] ** 2
    b = A.ravel()
    b[3] = b[1] * b[2]
    return np.sum(A * A) + np.sum(b * b * b)


def p23(m1):
    m1 = m1.T
    m2 = m1
    return np.sum(m2.reshape(-1))


def p24(v):
    s = 0.0
    for x in v[1:]:
        for i in range(v.shape[0]):
            v = v[::1] * v
        if s < 0.3:
            s = x
        else:
            x = np.dot(v, v)
    return s


def p24_tame(v):
    s = 0.0
    for x in v[1:]:
        for i in range(v.shape[0]):
            v = v[::1] * np.cos(v)
        if s < 0.3:
            s = x
        else:
            x = np.dot(v, v)
            s = s + x
    return s


def p25(v2, v3):
    def h(q):
        for i in range(len(q)):
            q[:-1] = q[1:]
        return q

    v4 = v3
    v4 += h(v2)
    return np.sum(v4)


def p26(v, m):
    s = 0.0
    for x in v:
        for i in range(1, 3):
            v += m[:, i]
            if i != 2:
                s = x
                break
            v = v[::1]
    return s


def p27(m):
    w = m.reshape(3, 3)
    w[:, 2] = w[1]
    return np.sum(w)


def p27_squared(m):
    w = m.reshape(3, 3)
    w[:, 2] = w[1]
    return np.sum(w * w) + m[0, 2] ** 3


def p27_copyto(m):
    np.copyto(m[:, 2], m[1])
    return np.sum(m * m)


def p27_buffered(m):
    m[:, 2] += m[1]
    m.T[...] = m
    m[1] = m[1, ::-1]
    m[1:] = m[:-1]
    return np.sum(m * m)


def p28(m, v):
    def h(a, b=1.0):
        for i in range(1, 4):
            b, a = a, b
        return b

    for i in range(3):
        m.T[0] += h(0.3, b=v[i])
    return np.sum(m * m)


def p29(v, m):
    for x in v[::1]:
        v[1] += np.sum(m)
    return np.sum(m, axis=0)[3] + np.sum(v)


CASES = [
    (p1, (V4,)), (p2, (V4,)), (p3, (V4,)), (p4, (V4, V5[1:].copy(), np.array([0.4, -1.1, 0.8, 0.3]))),
    (p5, (V5[:3].copy(), M33, M34[:, 1:].copy())), (p5_rewound, (V5, 0.1)), (p6, (V4,)), (p7, (V4,)), (p7, (-V4,)),
    (p7_active_user, (V4,)),
    (p8, (V4,)), (p9, (V5,)), (p10, (V5,)), (p10, (-V5,)), (p11, (0.6,)), (p12, (V4,)), (p13, (V4,)),
    (p14, (V4, V5[1:].copy())), (p14_back_edge, (V5,)), (p19, (V4,)),
    (p15_through_a_name, (V5,)),
    (p16, (V4, V5[1:].copy())), (p17, (M33,)), (p18, (0.8,)), (p18_trip_count_alone, (0.8,)), (p20, (0.3 * V4,)), (p21, (M34,)),
    (p21_argument_order, (M34,)), (p21_argument_order, (np.asfortranarray(M34),)), (p22, (M34,)),
    (p22, (np.asfortranarray(M34),)),
    (p23, (M34,)), (p24_tame, (V4,)), (p25, (V4, V5[1:].copy())), (p26, (V5[:3].copy(), M34)),
    (p27_buffered, (M33,)), (p28, (M34, V4)), (p29, (V4, M34)),
]
# NumPy assigns element by element between overlapping one-dimensional views of different strides: in p27 ``w[2, 2]`` becomes
# the new ``w[1, 2]``, which is ``w[1, 1]``.
REFUSED = [(p27, (M33,)), (p27_squared, (M33,)), (p27_copyto, (M33,))]


@pytest.mark.parametrize(("fun", "args"), CASES, ids=[f"{fun.__name__}-{k}" for k, (fun, _) in enumerate(CASES)])
@pytest.mark.parametrize("order", [1, 2])
def test_right(fun, args, order: int) -> None:
    oracle.check(fun, args, order)


@pytest.mark.parametrize(("fun", "args"), REFUSED, ids=[fun.__name__ for fun, _ in REFUSED])
@pytest.mark.parametrize("transform", [srcdiff.grad, srcdiff.hessian])
def test_refused(fun, args, transform) -> None:
    with pytest.raises(srcdiff.UnsupportedError, match=r"\^"):
        transform(fun)(*args)


def test_p5_pullback_called_twice() -> None:
    for fun, args, bar in ((p5, (V5[:3].copy(), M33, M33), 1.0), (p5_rewound, (V5, 0.1), np.arange(5.0))):
        _, pullback = srcdiff.vjp(fun, *args)
        one, two = pullback(bar), pullback(bar)
        for a, b in zip(one, two, strict=True):
            np.testing.assert_array_equal(a, b)


def test_p15_same_array_twice() -> None:
    z = np.arange(1.0, 6.0)
    np.testing.assert_array_equal(srcdiff.grad(p15_through_a_name)(z), [0.0, 20.0, 6.0, 8.0, 10.0])


def test_p15_same_array_for_two_arguments() -> None:
    z = np.arange(1.0, 6.0)
    with pytest.raises(srcdiff.UnsupportedError):
        srcdiff.grad(p15, argnums=(0, 1))(z, z)
    np.testing.assert_array_equal(z, np.arange(1.0, 6.0))


def test_p15_overlapping_arguments() -> None:
    z = np.arange(1.0, 7.0)
    with pytest.raises(srcdiff.UnsupportedError):
        srcdiff.grad(p15, argnums=(0, 1))(z[:5], z[1:])


def test_p15_overlapping_arguments_that_are_only_read() -> None:
    z = np.arange(1.0, 7.0)
    one, two = srcdiff.grad(p16, argnums=(0, 1))(z[:5], z[1:])
    np.testing.assert_array_equal(one, z[1:])
    np.testing.assert_array_equal(two, z[:5])


def test_p16_results_are_clean() -> None:
    x, y = V4.copy(), np.ones(4)
    gradient = srcdiff.grad(p16)(x, y)
    gradient *= 0.1
    np.testing.assert_array_equal(y, np.ones(4))


def test_p23_reaches_the_storage() -> None:
    np.testing.assert_array_equal(srcdiff.grad(p23)(M34), np.ones((3, 4)))


def test_p24_forward_and_reverse() -> None:
    """Too steep for differences: the modes are held against each other."""
    v = np.array([1.0, -1.0, 1.0, 0.5])
    gradient = srcdiff.grad(p24)(v)
    for k in range(4):
        _, slope = srcdiff.jvp(p24, (v,), (np.eye(4)[k],))
        assert gradient[k] == pytest.approx(slope, rel=1e-12)


def test_p26_iteration_sees_the_additions() -> None:
    v, m = V5[:3].copy(), M34
    value, (dv, dm) = srcdiff.value_and_grad(p26, argnums=(0, 1))(v, m)
    assert value == p26(v.copy(), m.copy())
    np.testing.assert_allclose(dv, [0.0, 0.0, 1.0])
    np.testing.assert_allclose(dm[2], [0.0, 2.0, 0.0, 0.0])



def duplicates(x, v):
    x[[0, 0]] = v * v
    return np.sum(x)


def test_overwritten_duplicates_have_no_derivative() -> None:
    np.testing.assert_array_equal(srcdiff.grad(duplicates, argnums=1)(np.zeros(2), np.array([3.0, 5.0])), [0.0, 10.0])


def guarded_log(x):
    return np.where(x > 0.5, np.log(x) ** 2 / 2.0, 0.0)


def test_second_derivative_of_a_guarded_square() -> None:
    assert srcdiff.grad(srcdiff.grad(lambda x: np.sum(guarded_log(x))))(1.0) == 1.0


def negative_log(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0))


def test_zero_stays_zero() -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(srcdiff.grad(negative_log)(np.array([2.0, 0.0, -1.0])), [0.5, 0.0, 0.0])


def test_vectorize_computes_in_double_precision_and_returns_single() -> None:
    def f(x):
        return np.vectorize(lambda v: v / 3)(x)

    x = np.arange(1.0, 4.0, dtype=np.float32)
    y, pull = srcdiff.vjp(f, x)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, f(x))
    np.testing.assert_allclose(pull(np.ones(3, np.float32))[0], np.full(3, 1 / 3), rtol=1e-6)
