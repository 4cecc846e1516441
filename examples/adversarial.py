"""Fool the network of digits.py: the gradient with respect to the image, from srcdiff.

Every held-out image is changed a little, within a bound for each pixel, so that the network's loss on it grows: once by the
sign of the gradient (Goodfellow, Shlens and Szegedy, 2015), and by several smaller such steps (Madry et al., 2018).
Run it with::

    python examples/adversarial.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from digits import EPOCHS, accuracy, load, logits, loss, train

import srcdiff

image_gradient = srcdiff.grad(loss, argnums="x")


def one_step(params, x, labels, bound):
    """Each pixel moves by ``bound``, or stays within [0, 1]."""
    return np.clip(x + bound * np.sign(image_gradient(params, x, labels)), 0.0, 1.0)


def many_steps(params, x, labels, bound, steps=20):
    """Small steps, each followed by a projection to the images that differ by at most ``bound``."""
    moved = x.copy()
    for _ in range(steps):
        moved += 0.2 * bound * np.sign(image_gradient(params, moved, labels))
        moved = np.clip(moved, np.maximum(x - bound, 0.0), np.minimum(x + bound, 1.0))
    return moved


def at_random(rng, x, bound):
    """As large a change, in random directions, for comparison."""
    return np.clip(x + bound * rng.choice([-1.0, 1.0], x.shape), 0.0, 1.0)


def draw(params, x, labels, moved, curves, path):
    """Accuracies over bounds, and the first images of which the network was sure and is fooled."""
    plt.switch_backend("Agg")
    figure = plt.figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subfigures(1, 2)
    ax = left.subplots()
    for name in ("at random", "one step", "many steps"):
        ax.plot(curves["bound"], curves[name], ".-", label=name)
    ax.set(xlabel="largest change of a pixel (white is 0, black is 1)", ylabel="held-out accuracy")
    ax.legend()
    before, after = (np.argmax(logits(params, images), axis=1) for images in (x, moved))
    chosen = np.flatnonzero((before == labels) & (after != labels))[:5]
    axes = right.subplots(3, 5)
    for column, index in zip(axes.T, chosen):
        images = (x[index], moved[index] - x[index], moved[index])
        for ax, image, title in zip(column, images, (f"{before[index]}", "change", f"{after[index]}")):
            ax.imshow(image.reshape(8, 8), cmap="gray_r", vmin=-1.0 if title == "change" else 0.0, vmax=1.0)
            ax.set_title(title)
    for ax in axes.ravel():
        ax.set_axis_off()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args(argv)

    rng = np.random.default_rng(0)
    data, (x, labels) = load(rng)
    params, _ = train(data, (x, labels), options.epochs, rng)

    curves = {"bound": np.linspace(0.0, 0.3, 13), "at random": [], "one step": [], "many steps": []}
    for bound in curves["bound"]:
        curves["at random"].append(accuracy(params, at_random(rng, x, bound), labels))
        curves["one step"].append(accuracy(params, one_step(params, x, labels, bound), labels))
        curves["many steps"].append(accuracy(params, many_steps(params, x, labels, bound), labels))
    draw(params, x, labels, many_steps(params, x, labels, 0.15), curves, options.out / "adversarial.png")

    figures = {name: curves[name][6] for name in ("at random", "one step", "many steps")}
    print(f"held-out accuracy: {curves['one step'][0]:.1%}; after changes of at most 0.15: "
          + ", ".join(f"{value:.1%} ({name})" for name, value in figures.items()))
    return {"clean": curves["one step"][0], **figures}


if __name__ == "__main__":
    main()
