"""Train a small network on scikit-learn's handwritten digits, with gradients from srcdiff.

The loss is plain NumPy over a list of layers, and the optimiser is Adam written out. Run it with::

    python examples/digits.py
"""

import numpy as np
from sklearn.datasets import load_digits
from tqdm import tqdm

import srcdiff

WIDTHS = (64, 32, 10)
EPOCHS = 40
BATCH = 64
RATE = 3e-3


def logits(params, x):
    """A network with tanh between its layers."""
    h = x
    for W, b in params:
        z = h @ W + b
        h = np.tanh(z)
    return z


def loss(params, x, labels):
    """Mean cross entropy."""
    z = logits(params, x)
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_probs[np.arange(len(labels)), labels])


def initial_params(rng):
    """One (W, b) pair for each layer."""
    return [(rng.normal(0.0, 1.0 / np.sqrt(n), (n, m)), np.zeros(m)) for n, m in zip(WIDTHS, WIDTHS[1:])]


class Adam:
    """Adam (Kingma and Ba, 2015), updating the parameters in place."""

    def __init__(self, params, rate):
        self.rate = rate
        self.step = 0
        self.moments = [[(np.zeros_like(p), np.zeros_like(p)) for p in layer] for layer in params]

    def update(self, params, gradient):
        self.step += 1
        rate = self.rate * np.sqrt(1.0 - 0.999**self.step) / (1.0 - 0.9**self.step)
        for layer, layer_bar, layer_moments in zip(params, gradient, self.moments):
            for p, g, (m, v) in zip(layer, layer_bar, layer_moments):
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                p -= rate * m / (np.sqrt(v) + 1e-8)


def load(rng):
    """Shuffled digits, scaled to [0, 1]: 1437 to train with, 360 held out."""
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    x, labels = digits.data[order] / 16.0, digits.target[order]
    cut = len(labels) * 4 // 5
    return (x[:cut], labels[:cut]), (x[cut:], labels[cut:])


def main():
    rng = np.random.default_rng(0)
    (x, labels), (x_test, labels_test) = load(rng)
    params = initial_params(rng)
    adam = Adam(params, RATE)
    loss_and_grad = srcdiff.value_and_grad(loss)

    progress = tqdm(range(EPOCHS), unit="epoch")
    for _ in progress:
        order = rng.permutation(len(labels))
        total = 0.0
        for start in range(0, len(labels), BATCH):
            batch = order[start:start + BATCH]  # the last one is smaller
            value, gradient = loss_and_grad(params, x[batch], labels[batch])
            adam.update(params, gradient)
            total += value * len(batch)
        accuracy = np.mean(np.argmax(logits(params, x_test), axis=1) == labels_test)
        progress.set_postfix(loss=f"{total / len(labels):.4f}", held_out=f"{accuracy:.1%}")

    print("\nThe generated forward and backward pass:\n")
    print(srcdiff.source(loss, params, x[:BATCH], labels[:BATCH]))
    print(f"held-out accuracy: {accuracy:.2%}")


if __name__ == "__main__":
    main()
