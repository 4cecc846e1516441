"""The command line, run in process and as a program."""

import runpy
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from srcdiff.cli import find_function, main

MODEL = '''import numpy as np

def loss(W, x, y):
    h = np.tanh(x @ W)
    err = h - y
    return np.mean(err ** 2)

def annotated(x: float, k: int = 2):
    return k * x * x

class Model:
    @staticmethod
    def f(x: float):
        return x * x

def unsupported(x: float):
    yield x
'''
ARGS = "W: f64[n, m], x: f64[k, n], y: f64[k, m]"


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.py"
    path.write_text(MODEL)
    return path


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def test_show_prints_the_split_form_plain(model):
    result = run("show", f"{model}:loss", "--wrt", "W", "--args", ARGS)
    assert result.exit_code == 0, result.output
    assert "def loss_bwd(stash, out_bar):" in result.output
    assert "\x1b" not in result.output


def test_show_joint_form_forward_mode_and_annotations(model):
    assert "def annotated_grad(x, k):" in run("show", f"{model}:annotated", "--form", "joint").output
    assert "x_dot" in run("show", f"{model}:annotated", "--mode", "forward").output
    assert "def f_grad(x):" in run("show", f"{model}:Model.f", "--form", "joint").output


@pytest.mark.parametrize("stage", ["lower", "transform", "optimize", "stash", "split", "inplace"])
def test_show_ir_after_each_stage(model, stage):
    result = run("show", f"{model}:loss", "--args", ARGS, "--ir", stage)
    assert result.exit_code == 0, result.output
    assert "np.tanh" in result.output


def test_emit_writes_a_module_that_runs(model, tmp_path):
    out = tmp_path / "loss_gradient.py"
    result = run("emit", f"{model}:loss", "--args", ARGS, "--form", "joint", "-o", out)
    assert result.exit_code == 0, result.output
    module = runpy.run_path(str(out))
    W, x, y = np.ones((3, 2)), np.ones((5, 3)), np.zeros((5, 2))
    assert module["loss_grad"](W, x, y).shape == (3, 2)
    assert "import srcdiff" not in out.read_text()
    assert "from srcdiff" not in out.read_text()


@pytest.mark.parametrize(("arguments", "message"), [
    (["model.py:loss"], "no file"), (["loss"], "write it as model.py:loss"), (["{}:missing"], "there is no missing"),
    (["{}:loss"], "--args 'W: f64[n, m], x: f64[n], y: f64[n]'"), (["{}:loss", "--args", "W: f64["], "cannot read"),
    (["{}:loss", "--args", ARGS, "--wrt", "q"], "no argument 'q'"), (["{}:unsupported"], "unsupported"),
    (["no.such.module:f"], "no module"),
])
def test_errors_are_messages_without_a_traceback(model, arguments, message):
    result = run("show", *(a.format(model) for a in arguments))
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_function_of_a_module_and_of_a_gradient(model):
    assert find_function("numpy.linalg:norm") is np.linalg.norm
    assert find_function(f"{model}:loss").__name__ == "loss"


def test_as_a_program(model):
    command = [sys.executable, "-c", "from srcdiff.cli import main; main()", "show", f"{model}:annotated"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "def annotated_bwd(stash, out_bar):" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_file_that_cannot_be_imported_shows_the_users_part_of_the_traceback(tmp_path):
    (tmp_path / "broken.py").write_text("def f(x)\n    return x\n")
    (tmp_path / "raises.py").write_text("import no_such_module\n")
    broken, raises = (run("show", f"{tmp_path / name}:f") for name in ("broken.py", "raises.py"))
    assert broken.exit_code == raises.exit_code == 1
    assert "broken.py cannot be imported" in broken.output and "SyntaxError" in broken.output
    assert "line 1, in <module>" in raises.output and "No module named 'no_such_module'" in raises.output
    assert "cli.py" not in raises.output and "importlib" not in raises.output


def test_what_is_no_function(tmp_path):
    (tmp_path / "numbers_only.py").write_text("RATE = 0.1\n")
    assert "RATE in" in run("show", f"{tmp_path / 'numbers_only.py'}:RATE").output


def test_the_written_module_names_pythons_types(model, tmp_path):
    run("emit", f"{model}:annotated", "-o", tmp_path / "out.py")
    assert "For x: float, k: int" in (tmp_path / "out.py").read_text()
