"""What people differentiate: numerical methods and simulations, as they write them down."""

from __future__ import annotations

import math

import numpy as np

from programs.registry import array, program

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
        met = prey * predators
        prey, predators = prey + 0.1 * (a * prey - b * met), predators + 0.1 * (c * met - d * predators)
        history.append((prey, predators))
    total = 0.0
    for x, y in history[::3]:
        total += x * y
    return total


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
