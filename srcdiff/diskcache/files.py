"""The folder on disk: one small file for each key, which is believed only if nobody else can have written it.

A file is a line with a checksum, and text. It is written beside its place and moved there, so that a reader sees all of it
or nothing; whoever comes last wins, and no lock is needed. Folder and file must belong to the user, and nobody else may
write to them (where the platform knows of such things). Whatever goes wrong, nothing is read, or nothing is written: no error.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator

from ..records import dataclass

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL
except ImportError:
    from hashlib import blake2b

__all__ = ["Usage", "clear", "digest", "folder", "problem", "read", "usage", "use", "write"]

VARIABLE = "SRCDIFF_CACHE"
OFF = frozenset({"0", "off", "no", "false", "none"})
LIMIT = 64 << 20  # bytes; when they are exceeded, the files that were unused for longest go
KEPT = 0.75  # of the limit, after that
LARGEST = 4 << 20  # a file beyond this is neither written nor read
LEFT_OVER = 3600.0  # seconds after which a file that was never moved to its place is one that nobody will move
SEEN_LATELY = 3600.0  # seconds for which a file's time of last use may be behind
_MAGIC = b"srcdiff-cache-1 "
_SUFFIX = ".json"
_place: str | None = None


def use(place: str | os.PathLike[str] | None) -> None:
    """Keep compiled derivatives under ``place`` from now on; ``"off"``: nowhere; None: where the environment says."""
    global _place
    _place = None if place is None else os.fspath(place)


def folder() -> str | None:
    """Where the files are: as :func:`use` or ``SRCDIFF_CACHE`` say, else the user's cache directory; None: nowhere."""
    place = os.environ.get(VARIABLE, "") if _place is None else _place
    if place.lower() in OFF:
        return None
    if not place:
        from platformdirs import user_cache_dir  # not at the top: it takes longer than all else here

        place = user_cache_dir("srcdiff", appauthor=False)
    return os.path.join(os.path.abspath(os.path.expanduser(place)), "v1")


def digest(text: str) -> str:
    """A name for a text that no other text has."""
    return str(blake2b(text.encode(errors="surrogatepass"), digest_size=20).hexdigest())


# -- reading and writing -----------------------------------------------------------------------------------------------


def read(key: str) -> str | None:
    """What was written under a key; None if there is nothing that can be believed."""
    place = folder()
    if place is None or problem(place) is not None:
        return None
    path = os.path.join(place, key + _SUFFIX)
    try:
        data = _contents(path)
        head, _, body = data.partition(b"\n")
        if head != _head(body):
            return None
        _mark_used(path)
        return body.decode()
    except (OSError, ValueError):
        return None


def write(key: str, text: str) -> bool:
    """Put ``text`` under a key, in place of what is there; whether that worked."""
    place = folder()
    body = text.encode()
    if place is None or len(body) > LARGEST:
        return False
    temporary = os.path.join(place, f".{key}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
        if problem(place) is not None:
            return False
        _put(temporary, _head(body) + b"\n" + body)
        os.replace(temporary, os.path.join(place, key + _SUFFIX))
        _make_room(place)
    except OSError:
        return False
    finally:
        _remove(temporary)
    return True


def _head(body: bytes) -> bytes:
    return _MAGIC + blake2b(body, digest_size=20).hexdigest().encode()


def _put(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)


def _contents(path: str) -> bytes:
    """All of a file, if it is a plain one of the user's own."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST or _fault(found) is not None:
            return b""
        return file.read()


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


# -- trust -------------------------------------------------------------------------------------------------------------


def problem(place: str) -> str | None:
    """Why a folder cannot be believed; None if it can, or is not there."""
    try:
        link, found = os.lstat(place), os.stat(place)
    except FileNotFoundError:
        return None
    except OSError as error:
        return str(error)
    if not stat.S_ISDIR(found.st_mode):
        return f"{place} is not a folder"
    fault = _fault(found) or (_owner(link) if stat.S_ISLNK(link.st_mode) else None)
    return fault and f"{place} {fault}"


def _fault(found: os.stat_result) -> str | None:
    fault = _owner(found)
    if fault is None and os.name == "posix" and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written to by others"
    return fault


def _owner(found: os.stat_result) -> str | None:
    uid = getattr(os, "geteuid", None)
    return "belongs to another user" if uid is not None and found.st_uid != uid() else None


# -- size --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Usage:
    files: int
    size: int


def usage() -> Usage:
    """How many files there are, and their size in bytes."""
    place = folder()
    sizes = [size for _, size, _ in _files(place)] if place else []
    return Usage(len(sizes), sum(sizes))


def clear() -> None:
    """Remove all files."""
    place = folder()
    if place is not None and problem(place) is None:
        for _, _, path in list(_files(place)):
            _remove(path)


def _files(place: str) -> Iterator[tuple[float, int, str]]:
    """Time of last use, size and path of the files that are ours by their name."""
    try:
        with os.scandir(place) as found:
            for entry in found:
                if entry.name.endswith(_SUFFIX) or entry.name.startswith("."):
                    try:
                        state = entry.stat(follow_symlinks=False)
                    except OSError:  # another process was faster
                        continue
                    yield state.st_mtime, state.st_size, entry.path
    except OSError:
        return


def _mark_used(path: str) -> None:
    with contextlib.suppress(OSError):  # of a folder that can only be read
        if time.time() - os.stat(path).st_mtime > SEEN_LATELY:
            os.utime(path)


def _make_room(place: str) -> None:
    """Remove what writers left behind when they were killed, and the oldest files beyond the limit."""
    found = sorted(_files(place))
    total = sum(size for _, size, _ in found)
    room = LIMIT * KEPT if total > LIMIT else LIMIT
    for used, size, path in found:
        left_over = os.path.basename(path).startswith(".") and time.time() - used > LEFT_OVER
        if left_over or (total > room and not os.path.basename(path).startswith(".")):
            _remove(path)
            total -= size
