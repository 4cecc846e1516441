"""What people differentiate: layers and losses, densities and filters, as they write them down."""

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
