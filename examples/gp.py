"""A map of mountains from a few hundred heights: a Gaussian process, its hyperparameters fitted with srcdiff.

The heights are a part of the digital elevation model of the Jacksboro fault that matplotlib ships. The ridges run along the
fault, so the kernel has a length along a direction, a length across it, and the direction itself, and all of them are found by
maximising the likelihood of the heights. Run it with::

    python examples/gp.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data
from scipy.optimize import minimize
from tqdm import tqdm

import srcdiff


def kernel(params, a, b):
    """A Matérn 3/2 kernel (Rasmussen and Williams, 2006, eq. 4.17) between the places a and b, shapes (n, 2) and (m, 2)."""
    angle = params["angle"]
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]]) / np.exp(params["log_length"])
    difference = (a @ turn)[:, None, :] - (b @ turn)[None, :, :]
    distance = np.sqrt(3.0 * np.sum(difference**2, axis=-1) + 1e-12)
    return np.exp(2.0 * params["log_scale"]) * (1.0 + distance) * np.exp(-distance)


def negative_log_likelihood(params, places, heights):
    """Of heights observed with noise (Rasmussen and Williams, 2006, algorithm 2.1), per observation."""
    n = len(heights)
    K = kernel(params, places, places) + np.exp(2.0 * params["log_noise"]) * np.eye(n)
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L, heights - params["mean"])
    return (0.5 * alpha @ alpha + np.sum(np.log(np.diag(L)))) / n + 0.5 * np.log(2.0 * np.pi)


def predict(params, places, heights, new):
    """Mean and standard deviation of the height at new places."""
    K = kernel(params, places, places) + np.exp(2.0 * params["log_noise"]) * np.eye(len(places))
    across = kernel(params, places, new)
    weights = np.linalg.solve(K, across)
    mean = params["mean"] + weights.T @ (heights - params["mean"])
    variance = np.exp(2.0 * params["log_scale"]) - np.sum(weights * across, axis=0)
    return mean, np.sqrt(np.maximum(variance, 0.0))


def load(count, size, rng):
    """Heights in hundreds of metres on a square grid, and ``count`` places (in cells) with theirs."""
    elevation = get_sample_data("jacksboro_fault_dem.npz")["elevation"]
    terrain = elevation[80:80 + size, 240:240 + size] / 100.0
    chosen = rng.choice(size * size, count, replace=False)
    return terrain, np.stack(np.divmod(chosen, size), axis=1).astype(float), terrain.ravel()[chosen]


def initial(heights):
    return {"angle": 0.0, "log_length": np.log([10.0, 10.0]), "log_scale": np.log(np.std(heights)),
            "log_noise": np.log(0.3 * np.std(heights)), "mean": np.mean(heights)}


def pack(params):
    return np.hstack([params[name] for name in params])


def unpack(vector):
    return {"angle": vector[0], "log_length": vector[1:3], "log_scale": vector[3], "log_noise": vector[4], "mean": vector[5]}


def fit(places, heights, iterations):
    """L-BFGS; returns the parameters and the negative log likelihood of each iteration."""
    value_and_grad = srcdiff.value_and_grad(negative_log_likelihood)
    history = []
    with tqdm(total=iterations, unit="iteration") as progress:
        def objective(vector):
            value, gradient = value_and_grad(unpack(vector), places, heights)
            return value, pack(gradient)

        def callback(intermediate_result):
            history.append(intermediate_result.fun)
            progress.update()
            progress.set_postfix(nll=f"{history[-1]:.4f}")

        found = minimize(objective, pack(initial(heights)), jac=True, method="L-BFGS-B", callback=callback,
                         options={"maxiter": iterations})
    return unpack(found.x), history


def draw(terrain, places, mean, deviation, path):
    plt.switch_backend("Agg")
    figure, axes = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    for ax, image, title in zip(axes, (terrain, mean, deviation), ("heights [100 m]", "mean", "standard deviation")):
        limits = {"vmin": terrain.min(), "vmax": terrain.max(), "cmap": "terrain"} if title != "standard deviation" else {}
        figure.colorbar(ax.imshow(image, **limits), ax=ax, shrink=0.8)
        ax.set_title(title)
    axes[1].plot(places[:, 1], places[:, 0], "k.", markersize=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--count", type=int, default=400, help="places whose heights are known")
    parser.add_argument("--size", type=int, default=100, help="cells along each side of the map")
    parser.add_argument("--iterations", type=int, default=60)
    options = parser.parse_args(argv)

    terrain, places, heights = load(options.count, options.size, np.random.default_rng(0))
    params, history = fit(places, heights, options.iterations)
    grid = np.stack(np.indices(terrain.shape), axis=-1).reshape(-1, 2).astype(float)
    errors = {}
    for name, p in (("before", initial(heights)), ("after", params)):
        mean, deviation = (v.reshape(terrain.shape) for v in predict(p, places, heights, grid))
        errors[name] = 100.0 * np.sqrt(np.mean((mean - terrain) ** 2))
    draw(terrain, places, mean, deviation, options.out / "gp.png")

    lengths = np.exp(params["log_length"])
    inside = np.mean(abs(mean - terrain) < 2.0 * np.hypot(deviation, np.exp(params["log_noise"])))
    print(f"negative log likelihood of a height: {history[-1]:.4f} after {len(history)} iterations")
    print(f"lengths {lengths[0]:.1f} and {lengths[1]:.1f} cells, turned by {np.degrees(params['angle']):.0f} degrees")
    print(f"error of the map: {errors['before']:.1f} m before, {errors['after']:.1f} m after (heights vary by "
          f"{100.0 * np.std(terrain):.1f} m); {inside:.1%} of them within two standard deviations")
    return {**errors, "inside": inside, "lengths": lengths}


if __name__ == "__main__":
    main()
