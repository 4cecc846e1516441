"""Fourier transforms of real numbers; complex results are judged by their parts, in the forms."""

from __future__ import annotations

from .declare import Num, row

for _name in ("fft", "ifft", "rfft", "irfft"):
    for _n in (None, 4, 7):
        row(f"np.fft.{_name}", Num((6,)), _n)
        row(f"np.fft.{_name}", Num((6, 3), form="F"), _n, 0, "ortho")
    row(f"np.fft.{_name}", Num((2, 5), form="strided"), None, 1, "forward")
for _name in ("fft", "ifft"):
    row(f"np.fft.{_name}2", Num((2, 3, 4)))
    row(f"np.fft.{_name}n", Num((3, 4), form="F"), (0,), "ortho")
