"""Swing up a pole on a cart: an ODE, solved in a loop, steered to a target with gradients from srcdiff.

The force on the cart is one number for each time step. Runge and Kutta's method steps the equations of motion, and SciPy's
L-BFGS finds the forces that leave the pole standing upright and at rest at the end, with little effort. Run it with::

    python examples/control.py
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

import srcdiff

CART, POLE, LENGTH, GRAVITY = 1.0, 0.3, 0.5, 9.81  # masses in kg, m, m/s^2
DURATION = 2.0
START = np.array([0.0, 0.0, 0.0, 0.0])  # position, angle from hanging down, and their rates
TARGET = np.array([0.0, np.pi, 0.0, 0.0])
STRONGEST = 20.0  # newton


def rates(state, force):
    """The equations of motion of the cart-pole (Kelly, 2017, section 6)."""
    _, angle, speed, turn = state
    s, c = np.sin(angle), np.cos(angle)
    push = force + POLE * LENGTH * s * turn**2
    inertia = CART + POLE * s**2
    acceleration = (push + POLE * GRAVITY * s * c) / inertia
    turning = -(push * c + (CART + POLE) * GRAVITY * s) / (LENGTH * inertia)
    return np.array([speed, turn, acceleration, turning])


def simulate(forces, start, dt):
    """The states, shape (len(forces) + 1, 4), by the classical method of order 4."""
    states = np.empty((len(forces) + 1, 4))
    states[0] = start
    for i, force in enumerate(forces):
        x = states[i]
        k1 = rates(x, force)
        k2 = rates(x + 0.5 * dt * k1, force)
        k3 = rates(x + 0.5 * dt * k2, force)
        k4 = rates(x + dt * k3, force)
        states[i + 1] = x + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return states


def cost(forces, start, target, dt):
    """The miss at the end, and the effort on the way."""
    end = simulate(forces, start, dt)[-1]
    return 10.0 * np.sum((end - target) ** 2) + 0.001 * dt * np.sum(forces**2)


def steer(steps, iterations):
    """L-BFGS from a small push; returns the forces and the cost of each iteration."""
    value_and_grad = srcdiff.value_and_grad(cost)
    history = []
    with tqdm(total=iterations, unit="iteration") as progress:
        def callback(intermediate_result):
            history.append(intermediate_result.fun)
            progress.update()
            progress.set_postfix(cost=f"{history[-1]:.4f}")

        guess = np.sin(np.linspace(0.0, 2.0 * np.pi, steps))
        found = minimize(value_and_grad, guess, args=(START, TARGET, DURATION / steps), jac=True, method="L-BFGS-B",
                         bounds=[(-STRONGEST, STRONGEST)] * steps, callback=callback,
                         options={"maxiter": iterations, "maxfun": 10**6, "maxcor": 30, "ftol": 1e-9})
    return found.x, history


def draw(states, forces, path):
    plt.switch_backend("Agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", width_ratios=[1, 1.5])
    position, angle = states[:, 0], states[:, 1]
    tip = np.stack([position + LENGTH * np.sin(angle), -LENGTH * np.cos(angle)])
    colours = plt.get_cmap("viridis")(np.linspace(0.0, 1.0, len(states)))
    for i in range(0, len(states), 4):
        left.plot([position[i], tip[0, i]], [0.0, tip[1, i]], color=colours[i])
        left.plot(position[i], 0.0, "s", color=colours[i])
    left.set(aspect="equal", title="the pole, from first (dark) to last (bright)", xlabel="[m]", ylabel="[m]")
    right.step(np.linspace(0.0, DURATION, len(forces), endpoint=False), forces, where="post")
    right.set(xlabel="time [s]", ylabel="force [N]")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the picture")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--iterations", type=int, default=1500)
    options = parser.parse_args(argv)

    forces, history = steer(options.steps, options.iterations)
    states = simulate(forces, START, DURATION / options.steps)
    draw(states, forces, options.out / "control.png")
    miss = np.abs(states[-1] - TARGET)
    print(f"cost {history[-1]:.4f} after {len(history)} iterations; largest force {np.max(np.abs(forces)):.1f} N")
    print(f"at the end: {miss[0]:.4f} m and {np.degrees(miss[1]):.3f} degrees off, "
          f"moving at {miss[2]:.4f} m/s and {np.degrees(miss[3]):.3f} degrees/s")
    return {"miss": miss, "force": np.max(np.abs(forces))}


if __name__ == "__main__":
    main()
