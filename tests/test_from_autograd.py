"""Programs as autograd's users write them, of which only the imports were changed.

Each is written the way such programs are: parameters in nested lists and dicts, ``np`` under its usual name, gradients of
closures, optimisers written out or from SciPy.
"""

import numpy as np  # import autograd.numpy as np
import numpy.random as npr  # import autograd.numpy.random as npr
import pytest
import scipy.linalg
from scipy.optimize import minimize

from srcdiff import elementwise_grad, grad, hessian, jacobian, value_and_grad  # from autograd import ...
from srcdiff.autograd import (
    deriv,
    flatten,
    grad_and_aux,
    hessian_vector_product,
    make_hvp,
    make_jvp,
    make_vjp,
    multigrad_dict,
)
from srcdiff.autograd import elementwise_grad as egrad
from srcdiff.autograd import grad as grad_of
from srcdiff.testing import check_grads

# -- a neural network --------------------------------------------------------------------------------------------------


def init_random_params(scale, layer_sizes, rs):
    return [(scale * rs.randn(m, n), scale * rs.randn(n)) for m, n in zip(layer_sizes[:-1], layer_sizes[1:])]


def logsumexp(x):
    top = np.max(x, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(x - top), axis=1, keepdims=True)) + top


def neural_net_predict(params, inputs):
    for W, b in params:
        outputs = np.dot(inputs, W) + b
        inputs = np.tanh(outputs)
    return outputs - logsumexp(outputs)


def l2_norm(params):
    flattened, _ = flatten(params)
    return np.dot(flattened, flattened)


def log_posterior(params, inputs, targets, L2_reg):
    log_prior = -L2_reg * sum(np.sum(W * W) + np.sum(b * b) for W, b in params)
    log_lik = np.sum(neural_net_predict(params, inputs) * targets)
    return log_prior + log_lik


def spirals(rs, n):
    angle = rs.uniform(0.5, 3.0, size=n)
    label = rs.randint(0, 2, size=n)
    inputs = np.stack([angle * np.cos(2.0 * angle + np.pi * label), angle * np.sin(2.0 * angle + np.pi * label)], axis=1)
    return inputs + 0.05 * rs.randn(n, 2), np.eye(2)[label], label


def adam(gradient, params, steps, step_size=0.05, b1=0.9, b2=0.999, eps=1e-8):
    x, unflatten = flatten(params)
    m, v = np.zeros(len(x)), np.zeros(len(x))
    for i in range(steps):
        g, _ = flatten(gradient(unflatten(x), i))
        m = (1 - b1) * g + b1 * m
        v = (1 - b2) * (g ** 2) + b2 * v
        x = x - step_size * (m / (1 - b1 ** (i + 1))) / (np.sqrt(v / (1 - b2 ** (i + 1))) + eps)
    return unflatten(x)


def test_a_neural_network():
    rs = npr.RandomState(0)
    inputs, targets, labels = spirals(rs, 120)
    params = init_random_params(0.3, [2, 16, 2], rs)
    batches = 3

    def objective(params, step):
        idx = slice((step % batches) * 40, (step % batches + 1) * 40)
        return -log_posterior(params, inputs[idx], targets[idx], 1e-3)

    objective_grad = grad(objective)
    check_grads(lambda p: objective(p, 1), (params,))
    before = l2_norm(params)
    trained = adam(objective_grad, params, 300)
    guesses = np.argmax(neural_net_predict(trained, inputs), axis=1)
    assert np.mean(guesses == labels) > 0.95
    assert l2_norm(trained) > before
    assert isinstance(objective_grad(params, 0)[0], tuple)


# -- a Gaussian process ------------------------------------------------------------------------------------------------


def make_gp_funs(cov_func, num_cov_params):
    """Functions that predict and compute the marginal likelihood of a GP."""
    def unpack_kernel_params(params):
        mean = params[0]
        cov_params = params[2:]
        noise_scale = np.exp(params[1]) + 0.0001
        return mean, cov_params, noise_scale

    def predict(params, x, y, xstar):
        mean, cov_params, noise_scale = unpack_kernel_params(params)
        cov_f_f = cov_func(cov_params, xstar, xstar)
        cov_y_f = cov_func(cov_params, x, xstar)
        cov_y_y = cov_func(cov_params, x, x) + noise_scale * np.eye(len(y))
        pred_mean = mean + np.dot(np.linalg.solve(cov_y_y, cov_y_f).T, y - mean)
        pred_cov = cov_f_f - np.dot(np.linalg.solve(cov_y_y, cov_y_f).T, cov_y_f)
        return pred_mean, pred_cov

    def log_marginal_likelihood(params, x, y):
        mean, cov_params, noise_scale = unpack_kernel_params(params)
        cov_y_y = cov_func(cov_params, x, x) + noise_scale * np.eye(len(y))
        L = np.linalg.cholesky(cov_y_y)
        alpha = np.linalg.solve(L, y - mean)
        return -0.5 * np.sum(alpha ** 2) - np.sum(np.log(np.diag(L))) - 0.5 * len(y) * np.log(2.0 * np.pi)

    return num_cov_params + 2, predict, log_marginal_likelihood


def rbf_covariance(kernel_params, x, xp):
    output_scale = np.exp(kernel_params[0])
    lengthscales = np.exp(kernel_params[1:])
    diffs = np.expand_dims(x / lengthscales, 1) - np.expand_dims(xp / lengthscales, 0)
    return output_scale * np.exp(-0.5 * np.sum(diffs ** 2, axis=2))


def test_a_gaussian_process():
    rs = npr.RandomState(0)
    X = np.hstack([np.linspace(0, 2, 12), np.linspace(6, 8, 12)])[:, None]
    y = np.cos(X[:, 0]) + rs.randn(24) * 0.1
    num_params, predict, log_marginal_likelihood = make_gp_funs(rbf_covariance, num_cov_params=2)
    objective = lambda params: -log_marginal_likelihood(params, X, y)  # noqa: E731
    start = 0.1 * rs.randn(num_params)
    check_grads(objective, (start,), order=2)
    found = minimize(value_and_grad(objective), start, jac=True, method="CG")
    assert found.fun < objective(start) - 15.0
    cov = rbf_covariance(found.x[2:], X, X) + (np.exp(found.x[1]) + 0.0001) * np.eye(24)
    np.testing.assert_allclose(found.fun, 0.5 * (y - found.x[0]) @ scipy.linalg.solve(cov, y - found.x[0])
                               + 0.5 * np.linalg.slogdet(cov)[1] + 12.0 * np.log(2.0 * np.pi))
    mean, _ = predict(found.x, X, y, np.array([[1.0], [7.0]]))
    np.testing.assert_allclose(mean, np.cos([1.0, 7.0]), atol=0.2)
    newton = hessian(objective)(found.x)
    assert np.all(np.linalg.eigvalsh(newton) > -1e-6)


# -- fitting an ODE ----------------------------------------------------------------------------------------------------


def rk4(f, y, t, h, theta):
    k1 = f(y, t, theta)
    k2 = f(y + 0.5 * h * k1, t + 0.5 * h, theta)
    k3 = f(y + 0.5 * h * k2, t + 0.5 * h, theta)
    k4 = f(y + h * k3, t + h, theta)
    return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def odeint(f, y0, ts, theta):
    path = [y0]
    for i in range(len(ts) - 1):
        path.append(rk4(f, path[-1], ts[i], ts[i + 1] - ts[i], theta))
    return np.array(path)


def lotka_volterra(y, t, theta):
    a, b, c, d = theta
    prey, predator = y
    return np.array([a * prey - b * prey * predator, d * prey * predator - c * predator])


def test_an_ode_fit():
    rs = npr.RandomState(1)
    ts = np.linspace(0.0, 6.0, 40)
    truth, y0 = np.array([1.0, 0.4, 0.8, 0.3]), np.array([2.0, 1.0])
    data = odeint(lotka_volterra, y0, ts, truth) * np.exp(0.01 * rs.randn(40, 2))

    def loss(log_theta):
        return np.mean((np.log(odeint(lotka_volterra, y0, ts, np.exp(log_theta))) - np.log(data)) ** 2)

    start = np.log(truth) + 0.2 * rs.randn(4)
    check_grads(loss, (start,))
    found = minimize(loss, start, jac=grad(loss), method="BFGS")
    np.testing.assert_allclose(np.exp(found.x), truth, rtol=0.05)
    sensitivity = jacobian(lambda theta: odeint(lotka_volterra, y0, ts, theta))(truth)
    assert sensitivity.shape == (40, 2, 4)
    moved = odeint(lotka_volterra, y0, ts, truth + [1e-6, 0, 0, 0]) - odeint(lotka_volterra, y0, ts, truth - [1e-6, 0, 0, 0])
    np.testing.assert_allclose(sensitivity[:, :, 0], moved / 2e-6, rtol=1e-6, atol=1e-7)


# -- autograd's names --------------------------------------------------------------------------------------------------


def energy(x, k):
    return np.sum(np.sin(x) * k)


def test_names_and_keywords():
    x, v = np.array([0.3, 1.0, -0.5]), np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(grad_of(energy, argnum=0)(x, 2.0), 2.0 * np.cos(x))
    assert grad_of(energy, 1)(x, 2.0) == np.sum(np.sin(x))
    assert len(grad_of(energy, [0, 1])(x, 2.0)) == 2
    vjp, value = make_vjp(lambda x: np.sin(x))(x)
    np.testing.assert_allclose(vjp(v), v * np.cos(x))
    np.testing.assert_array_equal(value, np.sin(x))
    value, tangent = make_jvp(energy, 0)(x, 2.0)(v)
    assert tangent == pytest.approx(2.0 * np.sum(np.cos(x) * v))
    hvp, gradient = make_hvp(energy)(x, 2.0)
    np.testing.assert_allclose(hvp(v), -2.0 * np.sin(x) * v)
    np.testing.assert_allclose(gradient, 2.0 * np.cos(x))
    np.testing.assert_allclose(hessian_vector_product(energy)(x, 2.0, v), hvp(v))
    assert deriv(lambda t: t ** 3)(2.0) == 12.0
    assert set(multigrad_dict(energy)(x, 2.0)) == {"x", "k"}
    g, aux = grad_and_aux(lambda x: (np.sum(x ** 2), "aux"))(x)
    assert aux == "aux"
    tanh = lambda x: np.tanh(x)  # noqa: E731
    np.testing.assert_allclose(egrad(egrad(tanh))(x), elementwise_grad(elementwise_grad(tanh))(x))
