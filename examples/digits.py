"""Train a small network on scikit-learn's handwritten digits, with gradients from srcdiff.

The loss is plain NumPy over a list of layers, and the optimiser is Adam written out. Run it with::

    python examples/digits.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
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


def train(data, test, epochs, rng):
    """Adam on random batches; returns the parameters, and the loss and the held-out accuracy of each epoch."""
    x, labels = data
    params = initial_params(rng)
    adam = Adam(params, RATE)
    loss_and_grad = srcdiff.value_and_grad(loss)
    history = []
    progress = tqdm(range(epochs), unit="epoch")
    for _ in progress:
        order = rng.permutation(len(labels))
        total = 0.0
        for start in range(0, len(labels), BATCH):
            batch = order[start:start + BATCH]  # the last one is smaller
            value, gradient = loss_and_grad(params, x[batch], labels[batch])
            adam.update(params, gradient)
            total += value * len(batch)
        history.append((total / len(labels), accuracy(params, *test)))
        progress.set_postfix(loss=f"{history[-1][0]:.4f}", held_out=f"{history[-1][1]:.1%}")
    return params, history


def accuracy(params, x, labels):
    return np.mean(np.argmax(logits(params, x), axis=1) == labels)


def draw(params, test, history, path):
    """The course of the training, and the held-out digits that the network gets wrong."""
    plt.switch_backend("Agg")
    figure = plt.figure(figsize=(10, 3.5), layout="constrained")
    left, right = figure.subfigures(1, 2)
    ax = left.subplots()
    ax.semilogy([value for value, _ in history], label="loss")
    ax.semilogy([1.0 - fraction for _, fraction in history], label="held out: fraction wrong")
    ax.set_xlabel("epoch")
    ax.legend()
    x, labels = test
    guesses = np.argmax(logits(params, x), axis=1)
    axes = right.subplots(2, 4).ravel()
    for ax, index in zip(axes, np.flatnonzero(guesses != labels)):
        ax.imshow(x[index].reshape(8, 8), cmap="gray_r")
        ax.set_title(f"{labels[index]}, not {guesses[index]}", fontsize=8)
    for ax in axes:
        ax.set_axis_off()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args(argv)

    rng = np.random.default_rng(0)
    data, test = load(rng)
    params, history = train(data, test, options.epochs, rng)
    draw(params, test, history, options.out / "digits.png")

    x, labels = data
    print("\nThe generated forward and backward pass:\n")
    print(srcdiff.source(loss, params, x[:BATCH], labels[:BATCH]))
    print(f"held-out accuracy: {history[-1][1]:.2%}")
    return {"loss": history[-1][0], "accuracy": history[-1][1]}


if __name__ == "__main__":
    main()
