"""What people differentiate: layers and losses, densities, filters, solvers, simulations, as they write them down."""

from __future__ import annotations

import math

import numpy as np

from programs.registry import array, program

# -- layers and losses -------------------------------------------------------------------------------------------------


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


@program({"wx": array(3, 2), "wh": array(3, 3, shift=1.0), "b": array(3, shift=2.0)}, array(4, 2, shift=3.0))
def recurrent_network(params, inputs):
    h = np.zeros(3)
    outputs = []
    for x in inputs:
        h = np.tanh(params["wx"] @ x + params["wh"] @ h + params["b"])
        outputs.append(h)
    return np.sum(np.array(outputs) ** 2)


@program(array(8, 5), array(3, 3, shift=1.0))
def lstm(weights, inputs):
    h, c = np.zeros(2), np.zeros(2)
    for t in range(inputs.shape[0]):
        z = weights @ np.concatenate([inputs[t], h])
        i, f, o, g = z[:2], z[2:4], z[4:6], z[6:]
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return np.sum(h ** 2)


@program(array(6, 4), array(3, 2, shift=1.0))
def gru_with_split_gates(weights, inputs):
    h = np.zeros(2)
    w_r, w_z, w_n = np.split(weights, 3)
    for x in inputs:
        xh = np.hstack((x, h))
        r, z = sigmoid(np.dot(w_r, xh)), sigmoid(np.dot(w_z, xh))
        n = np.tanh(w_n @ np.hstack((x, r * h)))
        h = (1 - z) * n + z * h
    return h.sum()


@program(array(4, 3), np.array([2, 0, 1, 2]))
def softmax_cross_entropy(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_probabilities[np.arange(len(labels)), labels])


@program(array(5, 3), array(3, shift=1.0), array(3, shift=2.0))
def batch_normalisation(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0)
    variance = x.var(axis=0)
    normalised = (x - mean) / np.sqrt(variance + eps)
    return np.sum((gamma * normalised + beta) ** 2)


@program(array(4, 3), array(3, shift=1.0))
def layer_normalisation_in_place(x, scale):
    x -= x.mean(axis=-1, keepdims=True)
    x /= x.std(axis=-1, keepdims=True) + 1e-6
    x *= scale
    return np.sum(x ** 3)


@program(array(5, 5), array(3, 3, shift=1.0))
def convolution_by_loops(image, kernel):
    rows, columns = image.shape[0] - 2, image.shape[1] - 2
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[i + a, j + b] * kernel[a, b]
    return np.sum(np.maximum(out, 0) ** 2)


@program(array(2, 6, 6), array(3, 2, 3, 3, shift=1.0), array(3, shift=2.0))
def convolution_and_pooling(x, w, b):
    channels, height, width = w.shape[0], x.shape[1] - 2, x.shape[2] - 2
    out = np.zeros((channels, height, width))
    for i in range(height):
        for j in range(width):
            patch = x[:, i:i + 3, j:j + 3]
            out[:, i, j] = np.sum(w * patch[None], axis=(1, 2, 3)) + b
    pooled = out.reshape(channels, height // 2, 2, width // 2, 2).max(axis=(2, 4))
    return np.mean(pooled ** 2)


@program(array(3, 4), array(3, 4, shift=1.0), array(3, 4, shift=2.0))
def attention(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[-1])
    scores[np.triu_indices(3, 1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.sum((weights @ v) ** 2)


@program(array(6, 2), array(2, shift=1.0), 0.3)
def logistic_regression(features, w, b):
    labels = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    p = sigmoid(features @ w + b)
    return -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p)) + 0.1 * np.dot(w, w)


@program(array(4), array(4, shift=2.0))
def huber_and_hinge(prediction, target):
    error = prediction - target
    huber = np.where(np.abs(error) < 0.5, 0.5 * error ** 2, 0.5 * (np.abs(error) - 0.25))
    return huber.sum() + np.maximum(0, 1 - prediction * np.sign(target)).mean()


@program(array(3, 2), array(3, shift=1.0))
def momentum_unrolled(features, w0):
    w, velocity = w0[:2], np.zeros(2)
    for step in range(5):
        gradient = features.T @ (features @ w - w0)
        velocity = 0.9 * velocity - 0.05 / (1 + step) * gradient
        w = w + velocity
    return np.sum((features @ w - w0) ** 2)


@program(array(4, 2), array(2, 2, shift=1.0))
def k_means_step(points, centres):
    distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    nearest = np.argmin(distances, axis=1)
    moved = np.zeros_like(centres)
    for k in range(len(centres)):
        members = points[nearest == k]
        moved[k] = members.mean(axis=0) if len(members) else centres[k]
    return np.sum(moved ** 2) + np.sum(distances.min(axis=1))


# -- densities and estimates -------------------------------------------------------------------------------------------


@program(array(4))
def log_sum_exp(x):
    largest = x.max()
    return largest + np.log(np.sum(np.exp(x - largest)))


@program(array(3), array(3, shift=1.0), 0.8)
def gaussian_density(x, mean, sigma):
    return np.prod(np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)))


@program(array(3), array(3, shift=1.0), array(3, 3))
def multivariate_gaussian(x, mean, factor):
    cov = factor @ factor.T + 0.5 * np.eye(3)
    sign, log_det = np.linalg.slogdet(cov)
    diff = x - mean
    return -0.5 * (diff @ np.linalg.solve(cov, diff) + log_det + len(x) * math.log(2 * math.pi)) * sign


@program(array(5), array(3), array(3, shift=1.0), array(3, shift=2.0))
def gaussian_mixture(data, logits, means, log_scales):
    weights = np.exp(logits) / np.sum(np.exp(logits))
    total = 0.0
    for x in data:
        p = 0.0
        for w, m, s in zip(weights, means, np.exp(log_scales), strict=True):
            p += w * np.exp(-0.5 * ((x - m) / s) ** 2) / s
        total += np.log(p)
    return total


@program(array(3, 3), array(3, 2, shift=1.0), np.array([0, 1, 1, 0, 1]))
def hidden_markov_forward(transition_logits, emission_logits, observations):
    transition = np.exp(transition_logits)
    transition /= transition.sum(axis=1, keepdims=True)
    emission = np.exp(emission_logits)
    emission /= emission.sum(axis=1, keepdims=True)
    alpha = np.full(3, 1 / 3) * emission[:, observations[0]]
    log_likelihood = 0.0
    for o in observations[1:]:
        scale = alpha.sum()
        log_likelihood += np.log(scale)
        alpha = (alpha / scale) @ transition * emission[:, o]
    return log_likelihood + np.log(np.sum(alpha))


@program(array(6), 0.4, 0.2)
def kalman_filter_in_one_dimension(measurements, log_q, log_r):
    q, r = math.exp(log_q), math.exp(log_r)
    x, p, loss = 0.0, 1.0, 0.0
    for z in measurements:
        p += q
        s = p + r
        gain = p / s
        innovation = z - x
        loss += 0.5 * (innovation ** 2 / s + math.log(s))
        x += gain * innovation
        p *= 1 - gain
    return loss


@program(array(5), array(5, shift=1.0), 0.7, 0.3)
def gaussian_process(x, y, length, noise):
    n = len(x)
    k = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            k[i, j] = k[j, i] = np.exp(-0.5 * (x[i] - x[j]) ** 2 / length ** 2)
    k[np.diag_indices(n)] += noise ** 2
    factor = np.linalg.cholesky(k)
    z = np.linalg.solve(factor, y)
    return 0.5 * z @ z + np.sum(np.log(np.diag(factor)))


@program(array(8), 0.1, 0.2, 0.5)
def garch(returns, omega, alpha, beta):
    sigma2 = np.empty_like(returns)
    sigma2[0] = np.var(returns)
    for t in range(1, len(returns)):
        sigma2[t] = omega + alpha * returns[t - 1] ** 2 + beta * sigma2[t - 1]
    return 0.5 * np.sum(np.log(sigma2) + returns ** 2 / sigma2)


# -- numerical methods -------------------------------------------------------------------------------------------------


@program(0.2, 1.7)
def trapezoid_rule(a, b):
    n = 20
    h = (b - a) / n
    total = 0.5 * (math.exp(-a * a) + math.exp(-b * b))
    for k in range(1, n):
        x = a + k * h
        total += math.exp(-x * x)
    return total * h


def simpson(f, a, b, tolerance, depth):
    middle = (a + b) / 2
    coarse = (b - a) / 6 * (f(a) + 4 * f(middle) + f(b))
    fine = (b - a) / 12 * (f(a) + 4 * f((a + middle) / 2) + 2 * f(middle) + 4 * f((middle + b) / 2) + f(b))
    if depth == 0 or abs(fine - coarse) < tolerance:
        return fine
    return simpson(f, a, middle, tolerance / 2, depth - 1) + simpson(f, middle, b, tolerance / 2, depth - 1)


def bell(x):
    return math.exp(-x * x)


@program(0.1, 2.0)
def adaptive_simpson(a, b):
    return simpson(bell, a, b, 1e-4, 6)


@program(3.7, 1.3)
def newton_for_a_root(a, start):
    x = start
    for _ in range(50):
        step = (x ** 3 - a) / (3 * x ** 2)
        x = x - step
        if abs(step) < 1e-13:
            break
    return x


@program(0.4, 2.6)
def bisection_on_the_data(lower, upper):
    f = lambda v: v ** 3 - 2 * v - 2  # noqa: E731
    while upper - lower > 0.3:
        middle = 0.5 * (lower + upper)
        if f(middle) > 0:
            upper = middle
        else:
            lower = middle
    return lower * upper


@program(array(5))
def sorting_network_in_place(x):
    n = len(x)
    for rounds in range(n):
        for k in range(rounds % 2, n - 1, 2):
            if x[k] > x[k + 1]:
                x[k], x[k + 1] = x[k + 1], x[k]
    return np.sum(x * np.arange(n) ** 2)


@program(array(4), array(5, shift=1.0))
def dynamic_time_warping(a, b):
    n, m = len(a), len(b)
    cost = np.full((n + 1, m + 1), np.inf)
    cost[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            distance = (a[i - 1] - b[j - 1]) ** 2
            cost[i, j] = distance + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return cost[n, m]


@program(array(4), [2, 1, 3, 2], 5)
def knapsack(values, weights, capacity):
    best = [0.0] * (capacity + 1)
    for value, weight in zip(values, weights, strict=True):
        for room in range(capacity, weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + value ** 2)
    return best[capacity]


@program(array(4, shift=0.5), array(5) + 3.0, array(4, shift=1.5), array(5, shift=2.5))
def tridiagonal_solver(lower, diagonal, upper, right):
    n = len(diagonal)
    c, d = np.zeros(n - 1), np.zeros(n)
    c[0] = upper[0] / diagonal[0]
    d[0] = right[0] / diagonal[0]
    for i in range(1, n):
        pivot = diagonal[i] - lower[i - 1] * c[i - 1]
        if i < n - 1:
            c[i] = upper[i] / pivot
        d[i] = (right[i] - lower[i - 1] * d[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]
    return np.sum(d ** 2)


@program(array(4, 4) + 3 * np.eye(4), array(4, shift=1.0))
def elimination_with_pivots(a, b):
    a, b, n = a.copy(), b.copy(), len(b)
    for k in range(n):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            a[i, k:] -= factor * a[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in reversed(range(n)):
        x[i] = (b[i] - a[i, i + 1:] @ x[i + 1:]) / a[i, i]
    return np.sum(x ** 2)


@program(array(4, 4))
def cholesky_by_hand(m):
    a = m @ m.T + np.identity(4)
    n = a.shape[0]
    factor = np.zeros_like(a)
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j] - sum(factor[i, k] * factor[j, k] for k in range(j))
            factor[i, j] = math.sqrt(s) if i == j else s / factor[j, j]
    return np.sum(factor ** 3)


@program(array(3, 3), array(3, shift=1.0))
def conjugate_gradients(m, b):
    a = m.T @ m + np.eye(3)
    x = np.zeros_like(b)
    r = b - a @ x
    p = r.copy()
    rs = r @ r
    for _ in range(2):
        ap = a @ p
        alpha = rs / (p @ ap)
        x += alpha * p
        r -= alpha * ap
        new = r @ r
        p = r + new / rs * p
        rs = new
    return np.sum(x ** 2)


@program(array(3, 3))
def power_iteration(a):
    a = a + a.T + 3 * np.eye(3)
    v = np.ones(3)
    for _ in range(6):
        v = a @ v
        v = v / np.linalg.norm(v)
    return v @ a @ v


@program(array(4), 0.6)
def horner_and_its_derivative(coefficients, x):
    p, dp = 0.0, 0.0
    for c in coefficients[::-1]:
        dp = dp * x + p
        p = p * x + c
    return p * dp


@program(array(4), array(4, shift=1.0) ** 2, 0.45)
def barycentric_interpolation(values, offsets, x):
    nodes = np.arange(4) + 0.1 * offsets
    total = 0.0
    for i in range(4):
        basis = 1.0
        for j in range(4):
            if i != j:
                basis *= (x - nodes[j]) / (nodes[i] - nodes[j])
        total += values[i] * basis
    return total


# -- simulations -------------------------------------------------------------------------------------------------------


@program(array(2), 0.9)
def runge_kutta(y, mu):
    def van_der_pol(t, y):
        return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0] + 0.1 * t])

    t, h = 0.0, 0.1
    for _ in range(5):
        k1 = van_der_pol(t, y)
        k2 = van_der_pol(t + h / 2, y + h / 2 * k1)
        k3 = van_der_pol(t + h / 2, y + h / 2 * k2)
        k4 = van_der_pol(t + h, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += h
    return y @ y


@program(array(6), 0.1)
def heat_equation_with_two_buffers(u, nu):
    new = np.zeros_like(u)
    for _ in range(4):
        for i in range(1, len(u) - 1):
            new[i] = u[i] + nu * (u[i + 1] - 2 * u[i] + u[i - 1])
        u, new = new, u
    return np.sum(u ** 2)


@program(array(4, 2), array(4, 2, shift=1.0))
def bodies(positions, velocities):
    masses = [1.0, 0.5, 2.0, 0.7]
    for _ in range(3):
        forces = np.zeros_like(positions)
        for i in range(4):
            for j in range(i):
                r = positions[j] - positions[i]
                f = masses[i] * masses[j] * r / (np.dot(r, r) + 0.1) ** 1.5
                forces[i] += f
                forces[j] -= f
        velocities = velocities + 0.01 * forces / np.array(masses)[:, None]
        positions += 0.01 * velocities
    return np.sum(positions ** 2)


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


@program(100.0, 95.0, 0.5, 0.03, 0.2)
def black_scholes(spot, strike, time, rate, sigma, kind="call"):
    d1 = (math.log(spot / strike) + (rate + 0.5 * sigma ** 2) * time) / (sigma * math.sqrt(time))
    d2 = d1 - sigma * math.sqrt(time)
    call = spot * normal_cdf(d1) - strike * math.exp(-rate * time) * normal_cdf(d2)
    if kind == "call":
        return call
    return call - spot + strike * math.exp(-rate * time)


@program(1.0, 0.9, 0.3)
def monte_carlo_with_a_fixed_seed(spot, strike, sigma):
    rng = np.random.default_rng(3)
    draws = rng.standard_normal((20, 4))
    payoff = 0.0
    for path in draws:
        s = spot
        for z in path:
            s *= math.exp(-0.5 * sigma ** 2 * 0.25 + sigma * 0.5 * z)
        payoff += max(s - strike, 0.0)
    return payoff / len(draws)


@program(100.0, 103.0, 0.25)
def american_option_on_a_tree(spot, strike, sigma, steps=6):
    up = math.exp(sigma * math.sqrt(1.0 / steps))
    p = (1.0 - 1.0 / up) / (up - 1.0 / up)
    values = [max(strike - spot * up ** (2 * j - steps), 0.0) for j in range(steps + 1)]
    for i in range(steps - 1, -1, -1):
        for j in range(i + 1):
            hold = p * values[j + 1] + (1 - p) * values[j]
            values[j] = max(hold, strike - spot * up ** (2 * j - i))
    return values[0]


@program(0.3, 0.8, 0.5, 0.25)
def predators_and_prey(a, b, c, d):
    prey, predators = 1.0, 0.5
    history = [(prey, predators)]
    while len(history) < 12:
        prey, predators = prey + 0.1 * (a * prey - b * prey * predators), predators + 0.1 * (c * prey * predators - d * predators)
        history.append((prey, predators))
    return sum(x * y for x, y in history[::3])


@program(0.7, 2.5, 0.9)
def bouncing_ball(height, speed, restitution):
    t, dt, bounces = 0.0, 0.05, 0
    while t < 1.0:
        speed -= 9.81 * dt
        height += speed * dt
        if height < 0:
            height, speed = -height * restitution, -speed * restitution
            bounces += 1
        t += dt
    return height + 0.1 * speed * bounces


@program(array(3), array(2, 3, shift=1.0))
def robot_arm(angles, lengths):
    x = y = total = 0.0
    for angle, length in zip(angles, lengths[0] * lengths[1], strict=True):
        total += angle
        x += length * np.cos(total)
        y += length * np.sin(total)
    return (x - 0.3) ** 2 + (y - 0.4) ** 2


@program(array(5, 5))
def game_of_averages(u):
    for _ in range(3):
        u[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])
        u[0], u[-1] = u[1], u[-2]
    return np.sum(u ** 2)


@program(array(4), 0.6)
def exponential_smoothing(series, alpha):
    level = series[0]
    errors = []
    for value in series[1:]:
        errors.append((value - level) ** 2)
        level = alpha * value + (1 - alpha) * level
    return sum(errors) / len(errors) + level
