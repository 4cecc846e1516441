"""Fourier transforms along one axis, and complex ones along several; the other forms are composed of these.

The matrix of a transform is symmetric, so the transpose of ``np.fft.fft`` is ``np.fft.fft`` (adjoints of complex values are
plain transposes, see :mod:`srcdiff.rules.table`).
"""

from __future__ import annotations

from . import fourier_shapes as shapes
from .table import linear

for _name in ("fft", "ifft"):
    linear(f"np.fft.{_name}(a, n=None, axis=-1, norm=None)", shape=shapes.transformed, static="norm",
           a=f"np.fft.{_name}(g, None, axis, norm) if n is None else "
             f"rt.to_length(np.fft.{_name}(g, None, axis, norm), np.shape(a)[axis], axis)")
    linear(f"np.fft.{_name}2(a, *, norm=None)", shape=shapes.transformed_all, static="norm",
           a=f"np.fft.{_name}2(g, norm=norm)")
    linear(f"np.fft.{_name}n(a, *, axes=None, norm=None)", shape=shapes.transformed_all, static="norm",
           a=f"np.fft.{_name}n(g, axes=axes, norm=norm)")
linear("np.fft.rfft(a, n=None, axis=-1, norm=None)", shape=shapes.real_transformed, static="norm",
       a="np.fft.fft(g, np.shape(a)[axis], axis, norm) if n is None else "
         "rt.to_length(np.fft.fft(g, n, axis, norm), np.shape(a)[axis], axis)")
linear("np.fft.irfft(a, n=None, axis=-1, norm=None)", shape=shapes.real_restored, static="norm",
       a="rt.irfft_vjp(g, np.shape(a)[axis], axis, norm)")
