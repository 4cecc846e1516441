"""The command line: ``srcdiff show`` prints generated source, ``srcdiff emit`` writes it to a module."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .api import Derivative, derivative_for
from .errors import SignatureError, SrcdiffError
from .signature import Signature

__all__ = ["main"]

STAGES = ("lower", "transform", "optimize", "stash", "split", "inplace")


@click.group()
@click.version_option(package_name="srcdiff")
def main() -> None:
    """Gradients of ordinary NumPy code, as ordinary NumPy code."""


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all commands have."""
    for option in reversed((
        click.argument("target", metavar="FILE.py:FUNCTION"),
        click.option("--wrt", metavar="NAMES", help="Arguments to differentiate with respect to, separated by commas [default: the first]."),
        click.option("--args", "types", metavar="TYPES", help="Types of the arguments, as in 'x: f64[n, 3], c: float, n: int'."),
        click.option("--mode", type=click.Choice(["reverse", "forward"]), default="reverse", show_default=True),
        click.option("--form", type=click.Choice(["split", "joint"]), default="split", show_default=True,
                     help="A forward and a backward function, or one function for both."),
    )):
        command = option(command)
    return command


@main.command()
@_common
@click.option("--ir", "stage", type=click.Choice(STAGES), help="Print the intermediate representation after this stage instead.")
def show(target: str, wrt: str | None, types: str | None, mode: str, form: str, stage: str | None) -> None:
    """Print the generated source of a derivative.

    Highlighted on a terminal, plain when piped.
    """
    with _Reported():
        derivative, signature = _load(target, wrt, types, mode, form)
        if stage is None:
            _print(derivative.compile(signature).source.text, "python")
        else:
            _print(_ir_after(derivative, signature, stage), "text")


@main.command()
@_common
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, help="The module to write.")
def emit(target: str, wrt: str | None, types: str | None, mode: str, form: str, output: Path) -> None:
    """Write the generated source to a module of its own."""
    with _Reported():
        derivative, signature = _load(target, wrt, types, mode, form)
        output.write_text(derivative.compile(signature).source.module_text(), encoding="utf-8")
        click.echo(f"{output}: {derivative.mode} of {target} for {signature}", err=True)


class _Reported:
    """A context in which our errors end the program with their message and status 1, without a traceback."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, (SrcdiffError, OSError)):
            click.echo(str(error), err=True)
            sys.exit(1)


def _load(target: str, wrt: str | None, types: str | None, mode: str, form: str) -> tuple[Derivative, Signature]:
    fun = find_function(target)
    names = tuple(n.strip() for n in wrt.split(",")) if wrt else ()
    derivative = derivative_for(fun, names if len(names) > 1 else names[0] if names else 0, mode, form)
    return derivative, derivative.signature((types,) if types else (), {})


def find_function(target: str) -> Any:
    """The function that ``FILE.py:FUNCTION`` or ``MODULE:FUNCTION`` names; dots reach into classes."""
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name:
        raise SignatureError(f"{target!r}: write it as model.py:loss, or as package.module:loss")
    found: Any = _import_file(Path(place)) if place.endswith(".py") else _import_module(place)
    for part in name.split("."):
        if not hasattr(found, part):
            raise SignatureError(f"there is no {name} in {place}")
        found = getattr(found, part)
    return found.fun if isinstance(found, Derivative) else found


def _import_module(name: str) -> Any:
    sys.path.insert(0, "")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise SignatureError(f"there is no module {name!r}: {error}") from error


def _import_file(path: Path) -> Any:
    if not path.is_file():
        raise SignatureError(f"there is no file {path}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _ir_after(derivative: Derivative, signature: Signature, stage: str) -> str:
    """The IR after the last run of ``stage``."""
    from .ir.printer import print_module

    seen: dict[str, str] = {}

    def observe(name: str, module: Any) -> None:
        if name == stage:
            seen[name] = print_module(module, types=True)

    derivative.compile(signature, observe=observe)
    if stage not in seen:
        raise SignatureError(f"the stage '{stage}' does not run in this form; these do: {', '.join(s for s in STAGES if s != 'split')}")
    return seen[stage]


def _print(text: str, language: str) -> None:
    """Highlighted on a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        click.echo(text.rstrip("\n"))
        return
    from rich.console import Console
    from rich.syntax import Syntax

    Console().print(Syntax(text, language, background_color="default"))
