"""A recurrent network that forecasts a brain's waves, trained with gradients from srcdiff.

The series is an electroencephalogram of four channels that matplotlib ships: 800 moments, of which the network is trained on
the first 600. The network reads a window, moment by moment, in a plain ``for`` loop that appends its states to a list, and
forecasts the next moment from each of them. Run it with::

    python examples/rnn.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data
from tqdm import tqdm

import srcdiff

HIDDEN = 16
WINDOW = 60
TRAIN = 600
WARM_UP = 10  # forecasts from the first states of a window do not count
RATE = 1e-2
DECAY = 3e-3


def forecast(params, x):
    """For windows x, shape (window, batch, channels), the forecast of the moment after each moment."""
    h = np.zeros((x.shape[1], params["W_hh"].shape[0]))
    states = []
    for x_t in x:
        h = np.tanh(x_t @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
        states.append(h)
    return x + np.stack(states) @ params["W_hy"] + params["b_y"]


def loss(params, series):
    """The mean square error of the forecasts in windows of the series, with weight decay."""
    error = forecast(params, series[:-1])[WARM_UP:] - series[1 + WARM_UP:]
    decay = sum(np.sum(params[name] ** 2) for name in ("W_xh", "W_hh", "W_hy"))
    return np.mean(error**2) + DECAY * decay


def initial_params(rng, channels):
    def weights(n, m, scale=1.0):
        return rng.normal(0.0, scale / np.sqrt(n), (n, m))

    return {"W_xh": weights(channels, HIDDEN), "W_hh": weights(HIDDEN, HIDDEN, 0.9), "b_h": np.zeros(HIDDEN),
            "W_hy": weights(HIDDEN, channels, 0.1), "b_y": np.zeros(channels)}


def load():
    """The channels, each of mean 0 and variance 1 where the network is trained: shape (800, 4)."""
    with get_sample_data("eeg.dat") as file:
        series = np.frombuffer(file.read(), float).reshape(-1, 4)
    return (series - np.mean(series[:TRAIN], axis=0)) / np.std(series[:TRAIN], axis=0)


def train(series, steps, rng):
    """Adam (Kingma and Ba, 2015) on random windows; returns the parameters and the loss of each step."""
    params = initial_params(rng, series.shape[1])
    first = {name: np.zeros_like(p) for name, p in params.items()}
    second = {name: np.zeros_like(p) for name, p in params.items()}
    loss_and_grad = srcdiff.value_and_grad(loss)
    history = []
    progress = tqdm(range(1, steps + 1), unit="step")
    for step in progress:
        starts = rng.integers(0, TRAIN - WINDOW, 32)
        value, gradient = loss_and_grad(params, series[starts + np.arange(WINDOW + 1)[:, None]])
        rate = RATE * (1.0 - step / (steps + 1)) * np.sqrt(1.0 - 0.999**step) / (1.0 - 0.9**step)
        for name, g in gradient.items():
            first[name] += 0.1 * (g - first[name])
            second[name] += 0.001 * (g * g - second[name])
            params[name] -= rate * first[name] / (np.sqrt(second[name]) + 1e-8)
        history.append(value)
        progress.set_postfix(loss=f"{np.mean(history[-50:]):.4f}", refresh=False)
    return params, history


def linear_forecast(series, order):
    """The best linear forecast from the last ``order`` moments of all channels, for comparison."""
    lagged = np.concatenate([series[order - k - 1:len(series) - k - 1] for k in range(order)], axis=1)
    weights = np.linalg.lstsq(lagged[:TRAIN - order], series[order:TRAIN], rcond=None)[0]
    return lagged[TRAIN - order:] @ weights


def draw(truth, guess, history, path):
    plt.switch_backend("Agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=[2, 1])
    for channel in range(truth.shape[1]):
        left.plot(truth[:, channel] + 5.0 * channel, color="grey", label="measured" if channel == 0 else None)
        left.plot(guess[:, channel] + 5.0 * channel, color="C0", linewidth=1, label="forecast" if channel == 0 else None)
    left.set(xlabel="moment after those of the training", yticks=[])
    left.legend(loc="upper right")
    right.semilogy(history)
    right.set(xlabel="step", title="loss")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args(argv)

    series = load()
    params, history = train(series, options.steps, np.random.default_rng(0))
    truth = series[TRAIN:]
    guess = forecast(params, series[:-1, None])[TRAIN - 1:, 0]
    draw(truth, guess, history, options.out / "rnn.png")

    variance = np.mean(truth**2)
    errors = {"network": np.mean((guess - truth) ** 2) / variance,
              "linear": np.mean((linear_forecast(series, 2) - truth) ** 2) / variance,
              "unchanged": np.mean((series[TRAIN - 1:-1] - truth) ** 2) / variance}
    print("variance of the held-out moments that the forecast misses: "
          + ", ".join(f"{error:.1%} ({name})" for name, error in errors.items()))
    return errors


if __name__ == "__main__":
    main()
