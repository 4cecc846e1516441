"""Loading generated source: file name, source lines, notes on exceptions."""

from __future__ import annotations

import inspect
import linecache
import traceback

import numpy as np
import pytest
from handmade import wave

from srcdiff.codegen import emit
from srcdiff.load import annotate, load
from srcdiff.optimize.inplace import bufferize


def loaded():
    return load(emit(bufferize(wave())))


def test_the_file_name_tells_what_it_is() -> None:
    first, second = loaded(), loaded()
    assert first.file == second.file
    assert first.file.startswith("<srcdiff wave_grad ")
    assert first.main.__code__.co_filename == first.file


def test_the_source_can_be_seen() -> None:
    found = loaded()
    linecache.checkcache()
    assert inspect.getsource(found.main) in found.source.text
    assert inspect.getsource(found.main).startswith("def wave_grad(u, c, n):")


def test_a_line_knows_the_user_s_line() -> None:
    found = loaded()
    lines = found.source.text.splitlines()
    place = found.place(next(k for k, text in enumerate(lines, 1) if "r_bar = " in text))
    assert place is not None
    assert (place.line, place.source.file) == (3, "model.py")


def test_an_exception_names_the_user_s_line_once() -> None:
    found = loaded()
    with pytest.raises(TypeError) as caught:
        found.main(np.ones(5), "c", 2)
    annotate(caught.value)
    annotate(caught.value)
    notes = caught.value.__notes__
    assert notes == ["in code generated from model.py, line 3: u[1:-1] = u[1:-1] + c * u[1:-1] * (u[2:] - u[:-2])"]
    assert "u[1:-1] = u[1:-1] + c" in "".join(traceback.format_exception(caught.value))


def test_other_exceptions_are_left_alone() -> None:
    error = ValueError("not ours")
    annotate(error)
    assert not hasattr(error, "__notes__")
