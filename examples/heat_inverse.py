"""Recover the conductivity of a plate from noisy temperatures, with gradients from srcdiff.

The plate obeys the diffusion equation ``du/dt = div(k grad u)``. It is heated from each of its four sides in turn, and some of
its points are measured a few times. The simulation steps in place, as such codes do; srcdiff differentiates it as it stands,
and SciPy's L-BFGS fits one value of ``log k`` for each cell. Run it with::

    python examples/heat_inverse.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

import srcdiff

NOISE = 0.01
WEIGHT = 1e-3


def simulate(log_k, steps, every):
    """Temperatures of the four experiments, shape (4, n, n), at every ``every``-th step; boundary cells are held."""
    n = log_k.shape[0]
    k = np.exp(log_k)
    k_down = 0.5 * (k[1:, 1:-1] + k[:-1, 1:-1])
    k_right = 0.5 * (k[1:-1, 1:] + k[1:-1, :-1])
    dt = 0.2 / 4.0  # stable for k up to 5, in units of the cell's width
    u = np.zeros((4, n, n))
    u[0, 0, :] = u[1, -1, :] = u[2, :, 0] = u[3, :, -1] = 1.0
    frames = []
    for step in range(1, steps + 1):
        down = k_down * (u[:, 1:, 1:-1] - u[:, :-1, 1:-1])
        right = k_right * (u[:, 1:-1, 1:] - u[:, 1:-1, :-1])
        u[:, 1:-1, 1:-1] += dt * (down[:, 1:] - down[:, :-1] + right[:, :, 1:] - right[:, :, :-1])
        if step % every == 0:
            frames.append(u.copy())
    return np.stack(frames)


def misfit(log_k, measured, sensors, steps, every):
    """Half the mean square of the misfit in units of the noise, plus a smoothed total variation that keeps edges."""
    frames = simulate(log_k, steps, every)
    rows, columns = sensors
    residual = (frames[:, :, rows, columns] - measured) / NOISE
    slope = (log_k[1:, :-1] - log_k[:-1, :-1]) ** 2 + (log_k[:-1, 1:] - log_k[:-1, :-1]) ** 2
    return 0.5 * np.mean(residual**2) + WEIGHT * np.sum(np.sqrt(slope + 1e-4))


def true_field(n):
    """A plate of conductivity 1 with a disc that conducts three times as well, and a bar that conducts a third."""
    y, x = np.mgrid[:n, :n] / (n - 1)
    log_k = np.zeros((n, n))
    log_k[(y - 0.35) ** 2 + (x - 0.3) ** 2 < 0.04] = np.log(3.0)
    log_k[(abs(y - 0.7) < 0.08) & (abs(x - 0.65) < 0.22)] = -np.log(3.0)
    return log_k


def measure(log_k, steps, every, rng):
    """What the sensors show: every second cell inside, in both directions."""
    inside = np.arange(1, log_k.shape[0] - 1, 2)
    sensors = np.repeat(inside, len(inside)), np.tile(inside, len(inside))
    clean = simulate(log_k, steps, every)[:, :, sensors[0], sensors[1]]
    return clean + NOISE * rng.standard_normal(clean.shape), sensors


def fit(measured, sensors, n, steps, every, iterations):
    """L-BFGS from a plate of conductivity 1; returns the field and the misfit of each iteration."""
    value_and_grad = srcdiff.value_and_grad(misfit)
    history = []
    with tqdm(total=iterations, unit="iteration") as progress:
        def objective(flat):
            value, gradient = value_and_grad(flat.reshape(n, n), measured, sensors, steps, every)
            return value, gradient.ravel()

        def callback(intermediate_result):
            history.append(intermediate_result.fun)
            progress.update()
            progress.set_postfix(misfit=f"{history[-1]:.3f}")

        found = minimize(objective, np.zeros(n * n), jac=True, method="L-BFGS-B", callback=callback,
                         bounds=[(-1.6, 1.6)] * (n * n), options={"maxiter": iterations})
    return found.x.reshape(n, n), history


def draw(log_k, found, history, path):
    plt.switch_backend("Agg")
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for ax, field, title in zip(axes, (log_k, found), ("true log k", "recovered log k")):
        image = ax.imshow(field, vmin=-1.2, vmax=1.2, cmap="RdBu_r")
        ax.set_title(title)
    figure.colorbar(image, ax=axes[:2])
    axes[2].semilogy(history)
    axes[2].set(title="misfit", xlabel="iteration")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--cells", type=int, default=26, help="cells along each side")
    parser.add_argument("--iterations", type=int, default=200)
    options = parser.parse_args(argv)
    n, steps = options.cells, options.cells**2
    every = steps // 6

    log_k = true_field(n)
    measured, sensors = measure(log_k, steps, every, np.random.default_rng(0))
    found, history = fit(measured, sensors, n, steps, every, options.iterations)

    inner = np.s_[1:-1, 1:-1]
    before, after = (np.sqrt(np.mean((field - log_k)[inner] ** 2)) for field in (np.zeros((n, n)), found))
    draw(log_k, found, history, options.out / "heat_inverse.png")
    print(f"error of log k (root mean square): {before:.3f} before, {after:.3f} after {len(history)} iterations")
    return {"before": before, "after": after}


if __name__ == "__main__":
    main()
