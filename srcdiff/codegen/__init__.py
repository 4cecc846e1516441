"""IR -> Python text: the last stage before compilation."""

from .emit import GeneratedSource, emit

__all__ = ["GeneratedSource", "emit"]
