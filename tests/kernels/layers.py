"""Layers of neural networks."""

import numpy as np

from .registry import kernel, normal


def relu(x):
    return np.maximum(x, 0)


@kernel(normal(2, 3, 4, 4))
def softmax(x):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum


def softmax_of_rows(x):
    tmp_out = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return tmp_out / np.sum(tmp_out, axis=-1, keepdims=True)


@kernel(normal(3, 4), normal(4, 5), normal(5), normal(5, 4), normal(4), normal(4, 3), normal(3))
def mlp(input, w1, b1, w2, b2, w3, b3):
    x = relu(input @ w1 + b1)
    x = relu(x @ w2 + b2)
    x = softmax_of_rows(x @ w3 + b3)
    return x


def conv2d(input, weights):
    K = weights.shape[0]
    N = input.shape[0]
    H_out = input.shape[1] - K + 1
    W_out = input.shape[2] - K + 1
    C_out = weights.shape[3]
    output = np.empty((N, H_out, W_out, C_out), dtype=input.dtype)
    for i in range(H_out):
        for j in range(W_out):
            output[:, i, j, :] = np.sum(input[:, i:i + K, j:j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                                        axis=(1, 2, 3))
    return output


@kernel(normal(2, 5, 5, 2), normal(3, 3, 2, 3), normal(3))
def conv2d_bias(input, weights, bias):
    return conv2d(input, weights) + bias


def batchnorm2d(x, eps=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.std(x, axis=0, keepdims=True)
    return (x - mean) / np.sqrt(std + eps)


@kernel(normal(3, 4, 4, 4), normal(1, 1, 4, 2), normal(3, 3, 2, 2), normal(1, 1, 2, 4))
def resnet_basicblock(input, conv1, conv2, conv3):
    padded = np.zeros((input.shape[0], input.shape[1] + 2, input.shape[2] + 2, conv1.shape[3]))
    padded[:, 1:-1, 1:-1, :] = conv2d(input, conv1)
    x = batchnorm2d(padded)
    x = relu(x)
    x = conv2d(x, conv2)
    x = batchnorm2d(x)
    x = relu(x)
    x = conv2d(x, conv3)
    x = batchnorm2d(x)
    return relu(x + input)


def maxpool2d(x):
    output = np.empty([x.shape[0], x.shape[1] // 2, x.shape[2] // 2, x.shape[3]], dtype=x.dtype)
    for i in range(x.shape[1] // 2):
        for j in range(x.shape[2] // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2, :], axis=(1, 2))
    return output


@kernel(normal(2, 10, 10, 1), normal(3, 3, 1, 2), normal(2), normal(3, 3, 2, 3), normal(3), normal(3, 4), normal(4),
        normal(4, 4), normal(4), normal(4, 2), normal(2), 2, 3)
def lenet5(input, conv1, conv1bias, conv2, conv2bias, fc1w, fc1b, fc2w, fc2b, fc3w, fc3b, N, C_before_fc1):
    x = relu(conv2d(input, conv1) + conv1bias)
    x = maxpool2d(x)
    x = relu(conv2d(x, conv2) + conv2bias)
    x = maxpool2d(x)
    x = np.reshape(x, (N, C_before_fc1))
    x = relu(x @ fc1w + fc1b)
    x = relu(x @ fc2w + fc2b)
    return x @ fc3w + fc3b


@kernel(normal(4, 3), normal(3, 8), normal(2, 8), normal(8), np.zeros(2), np.zeros(2))
def lstm(x, W, U, b, h, c):
    n = h.size
    outputs = []
    for t in range(x.shape[0]):
        z = x[t] @ W + h @ U + b
        i, f, o = (1.0 / (1.0 + np.exp(-z[k * n:(k + 1) * n])) for k in range(3))
        c = f * c + i * np.tanh(z[3 * n:])
        h = o * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)
