"""The volatility of a share: the likelihood of a Kalman filter, maximised with gradients from srcdiff.

The series is Google's first four years on the stock market, day by day, which matplotlib ships. A return is volatility times
noise, so the logarithm of its square is linear in the log volatility, which follows an autoregression (Harvey, Ruiz and
Shephard, 1994). The filter is a loop over days; SciPy's L-BFGS finds the three parameters. Run it with::

    python examples/kalman.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data
from scipy.optimize import minimize

import srcdiff

# mean and variance of the logarithm of a squared standard normal variable
LOG_CHI2_MEAN = -1.2704
LOG_CHI2_VARIANCE = np.pi**2 / 2.0


def kalman_filter(params, y):
    """Filtered log variances, their variances, and the negative log likelihood, per observation, of the series ``y``.

    The log variance h has mean ``params[0]``, and goes back to it by the factor ``tanh(params[1])`` each day, but for a
    normal shock of log standard deviation ``params[2]``.
    """
    mean, back, shock = params[0], np.tanh(params[1]), np.exp(2.0 * params[2])
    h, P = mean, shock / (1.0 - back**2)
    means, variances = [], []
    nll = 0.0
    for t in range(len(y)):
        # the day's observation
        innovation = y[t] - h - LOG_CHI2_MEAN
        F = P + LOG_CHI2_VARIANCE
        gain = P / F
        nll += 0.5 * (np.log(2.0 * np.pi * F) + innovation**2 / F)
        h = h + gain * innovation
        P = (1.0 - gain) * P
        means.append(h)
        variances.append(P)
        # a day passes
        h = mean + back * (h - mean)
        P = back**2 * P + shock
    return np.array(means), np.array(variances), nll / len(y)


def negative_log_likelihood(params, y):
    _, _, nll = kalman_filter(params, y)
    return nll


def load():
    """Dates, and the returns of the share in percent, without their mean."""
    prices = get_sample_data("goog.npz")["price_data"]
    returns = 100.0 * np.diff(np.log(prices["adj_close"]))
    return prices["date"][1:], returns - np.mean(returns)


def initial(y):
    return np.array([np.mean(y) - LOG_CHI2_MEAN, np.arctanh(0.5), np.log(0.5)])


def fit(y):
    """L-BFGS; returns the parameters and the number of iterations."""
    value_and_grad = srcdiff.value_and_grad(negative_log_likelihood)
    found = minimize(value_and_grad, initial(y), args=(y,), jac=True, method="L-BFGS-B")
    return found.x, found.nit


def draw(dates, returns, means, variances, path):
    plt.switch_backend("Agg")
    figure, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
    ax.plot(dates, abs(returns), ".", color="grey", markersize=3, label="absolute returns")
    ax.plot(dates, np.exp(0.5 * means), label="volatility")
    ax.fill_between(dates, np.exp(0.5 * (means - 2.0 * np.sqrt(variances))), np.exp(0.5 * (means + 2.0 * np.sqrt(variances))),
                    alpha=0.3, label="two standard deviations")
    ax.set(ylabel="percent a day", title="Google")
    ax.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    options = parser.parse_args(argv)

    dates, returns = load()
    y = np.log(returns**2 + 0.01)  # a return of zero is one of less than a tenth of a percent
    params, iterations = fit(y)
    means, variances, nll = kalman_filter(params, y)
    draw(dates, returns, means, variances, options.out / "kalman.png")

    before = negative_log_likelihood(initial(y), y)
    independent = 0.5 * np.log(2.0 * np.pi * np.var(y)) + 0.5
    print(f"negative log likelihood of a day: {before:.4f} before, {nll:.4f} after {iterations} iterations "
          f"({independent:.4f} for independent days)")
    print(f"volatility {np.exp(0.5 * params[0]):.2f} % a day, persistence {np.tanh(params[1]):.3f}, "
          f"shocks of log variance {np.exp(params[2]):.3f}; highest on {dates[np.argmax(means)]}")
    return {"before": before, "after": nll, "independent": independent, "persistence": np.tanh(params[1])}


if __name__ == "__main__":
    main()
