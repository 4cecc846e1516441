"""The examples: each runs, draws its picture, reaches its figures, and its gradient is that of finite differences."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from srcdiff.testing import check_grads

EXAMPLES = Path(__file__).parents[1] / "examples"

# the arguments of a short run
SHORT = {
    "digits": ["--epochs", "6"],
    "adversarial": ["--epochs", "6"],
    "attention": ["--steps", "30"],
    "control": ["--steps", "40", "--iterations", "60"],
    "gp": ["--count", "80", "--size", "40", "--iterations", "15"],
    "heat_inverse": ["--cells", "14", "--iterations", "40"],
    "kalman": [],
    "rnn": ["--steps", "200"],
}


@pytest.fixture(autouse=True)
def _path(monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLES)


def run(name, arguments, folder):
    """The figures that the example reaches; its picture has to be there."""
    figures = importlib.import_module(name).main([*arguments, "--out", str(folder)])
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    return figures


def test_every_example_is_run():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(SHORT)


# -- short runs --------------------------------------------------------------------------------------------------------


def test_digits(tmp_path, capsys):
    assert run("digits", SHORT["digits"], tmp_path)["accuracy"] > 0.9
    assert "def loss_bwd" in capsys.readouterr().out


def test_adversarial(tmp_path):
    figures = run("adversarial", SHORT["adversarial"], tmp_path)
    assert figures["clean"] > 0.9
    assert figures["at random"] > 0.8
    assert figures["many steps"] <= figures["one step"] < 0.5


def test_attention(tmp_path):
    figures = run("attention", SHORT["attention"], tmp_path)
    assert figures["bits"] < figures["unigram"]


def test_control(tmp_path):
    figures = run("control", SHORT["control"], tmp_path)
    assert np.max(figures["miss"]) < 0.5  # it starts pi away


def test_gp(tmp_path):
    figures = run("gp", SHORT["gp"], tmp_path)
    assert figures["after"] < figures["before"]


def test_heat_inverse(tmp_path):
    figures = run("heat_inverse", SHORT["heat_inverse"], tmp_path)
    assert figures["after"] < 0.4 * figures["before"]


def test_kalman(tmp_path):
    figures = run("kalman", SHORT["kalman"], tmp_path)
    assert figures["after"] < figures["independent"] < figures["before"]
    assert 0.98 < figures["persistence"] < 1.0


def test_rnn(tmp_path):
    figures = run("rnn", SHORT["rnn"], tmp_path)
    assert figures["network"] < 0.95 * figures["unchanged"]


# -- gradients ---------------------------------------------------------------------------------------------------------


def test_gradient_of_digits():
    digits = importlib.import_module("digits")
    rng = np.random.default_rng(0)
    (x, labels), _ = digits.load(rng)
    check_grads(digits.loss, (digits.initial_params(rng), x[:20], labels[:20]))


def test_gradient_of_attention(monkeypatch):
    attention = importlib.import_module("attention")
    monkeypatch.setattr(attention, "WIDTH", 12)
    alphabet, tokens, _ = attention.load()
    params = attention.initial_params(np.random.default_rng(0), len(alphabet))
    check_grads(attention.loss, (params, tokens[:26].reshape(2, 13)))


def test_gradient_of_control():
    control = importlib.import_module("control")
    forces = 5.0 * np.sin(np.arange(25.0))
    check_grads(control.cost, (forces, control.START + 0.1, control.TARGET, 0.02))


def test_gradient_of_gp():
    gp = importlib.import_module("gp")
    _, places, heights = gp.load(30, 40, np.random.default_rng(0))
    params = gp.initial(heights) | {"angle": 0.3}
    check_grads(gp.negative_log_likelihood, (params, places, heights))


def test_gradient_of_heat_inverse():
    heat = importlib.import_module("heat_inverse")
    rng = np.random.default_rng(0)
    measured, sensors = heat.measure(heat.true_field(10), 30, 10, rng)
    check_grads(heat.misfit, (0.3 * rng.standard_normal((10, 10)), measured, sensors, 30, 10))


def test_gradient_of_kalman():
    kalman = importlib.import_module("kalman")
    y = np.log(np.random.default_rng(0).standard_normal(40) ** 2)
    check_grads(kalman.negative_log_likelihood, (kalman.initial(y), y), order=2)


def test_gradient_of_rnn():
    rnn = importlib.import_module("rnn")
    series = rnn.load()
    check_grads(rnn.loss, (rnn.initial_params(np.random.default_rng(0), 4), series[:30, None]))


# -- full runs: what the README says ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_full_runs(tmp_path):
    figures = {name: run(name, [], tmp_path) for name in SHORT}
    assert figures["digits"]["accuracy"] > 0.97
    assert figures["adversarial"]["many steps"] < 0.15
    assert figures["attention"]["bits"] < 3.0
    assert np.max(figures["control"]["miss"]) < 0.02
    assert figures["gp"]["after"] < 0.9 * figures["gp"]["before"]
    assert figures["heat_inverse"]["after"] < 0.12
    assert figures["rnn"]["network"] < 0.17
