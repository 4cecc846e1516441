"""Generated source -> functions that a debugger can step through.

The code object's file is named after the function and the text (``<srcdiff wave_grad 3f2a91c0>``), and
:mod:`linecache` holds its lines: tracebacks, ``inspect.getsource`` and ``pdb`` show generated code as they show any other.
"""

from __future__ import annotations

import linecache
import zlib
from collections.abc import Callable, Mapping
from dataclasses import field
from types import ModuleType, TracebackType
from typing import Any

from .errors import Loc, UnsupportedError
from .generated import GeneratedSource
from .records import dataclass
from .unchanging import as_it_was

__all__ = ["Loaded", "annotate", "load"]


@dataclass(frozen=True, eq=False)
class Loaded:
    """``functions``: by name, all that the source defines; ``namespace``: their globals."""

    source: GeneratedSource
    file: str
    functions: dict[str, Callable[..., Any]]
    namespace: dict[str, Any] = field(repr=False)

    @property
    def main(self) -> Callable[..., Any]:
        return self.functions[self.source.entries[0]]

    def place(self, line: int) -> Loc | None:
        """Where in the user's source line ``line`` of the generated text comes from."""
        return self.source.line_map.get(line)


_PLACES: dict[str, Mapping[int, Loc]] = {}


def load(source: GeneratedSource) -> Loaded:
    """Compile and run the module text; its functions are in the result."""
    data = source.text.encode()
    digest = f"{zlib.crc32(data):08x}{zlib.adler32(data):08x}"[:12]  # to tell names apart; hashlib would load OpenSSL
    file = f"<srcdiff {source.entries[0]} {digest}>"
    try:
        code = compile(source.text, file, "exec", dont_inherit=True)
    except (IndentationError, RecursionError, MemoryError) as error:  # Python's own limits; no other text fails
        raise UnsupportedError(f"{source.entries[0]} is nested deeper than Python can read: {getattr(error, 'msg', error)}",
                               advice="split the function: what follows an early return is in its other branch") from None
    namespace: dict[str, Any] = {"__name__": f"srcdiff.generated.{source.entries[0]}", "__file__": file, **source.objects}
    exec(code, namespace)
    namespace.update({name: as_it_was(value) for name, value in namespace.items() if isinstance(value, ModuleType)})
    linecache.cache[file] = (len(source.text), None, source.text.splitlines(keepends=True), file)
    _PLACES[file] = source.line_map
    functions = {name: namespace[name] for name in source.entries}
    return Loaded(source, file, functions, namespace)


def annotate(exc: BaseException, traceback: TracebackType | None = None) -> None:
    """Add a note to ``exc`` that names the user's line whose derivative raised it.

    For the ``except`` clause of whoever calls generated code: nothing is paid where nothing is raised.
    """
    tb = exc.__traceback__ if traceback is None else traceback
    place: Loc | None = None
    while tb is not None:
        places = _PLACES.get(tb.tb_frame.f_code.co_filename)
        if places is not None:
            place = places.get(tb.tb_lineno, place)
        tb = tb.tb_next
    if place is None:
        return
    note = f"in code generated from {place.source.file}, line {place.line}: {place.text}"
    if note not in getattr(exc, "__notes__", ()):
        exc.add_note(note)
