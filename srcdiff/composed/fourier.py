"""Fourier transforms along several axes, one after the other as NumPy makes them; frequencies; shifts."""

import numpy as np

from ..runtime import inverse_norm
from .static import axes_of, forwards, transform_axes, transform_sizes
from .table import composed


def _size(s, k):
    return None if s is None else s[k]


@composed("np.fft.fftn")
def fftn(a, s=None, axes=None, norm=None):
    if s is None:
        return np.fft.fftn(a, axes=axes, norm=norm)
    return _fftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.ifftn")
def ifftn(a, s=None, axes=None, norm=None):
    if s is None:
        return np.fft.ifftn(a, axes=axes, norm=norm)
    return _ifftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.rfftn")
def rfftn(a, s=None, axes=None, norm=None):
    return _rfftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.irfftn")
def irfftn(a, s=None, axes=None, norm=None):
    return _irfftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.fft2")
def fft2(a, s=None, axes=(-2, -1), norm=None):
    if s is None and tuple(axes) == (-2, -1):
        return np.fft.fft2(a, norm=norm)
    return _fftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.ifft2")
def ifft2(a, s=None, axes=(-2, -1), norm=None):
    if s is None and tuple(axes) == (-2, -1):
        return np.fft.ifft2(a, norm=norm)
    return _ifftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.rfft2")
def rfft2(a, s=None, axes=(-2, -1), norm=None):
    return _rfftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


@composed("np.fft.irfft2")
def irfft2(a, s=None, axes=(-2, -1), norm=None):
    return _irfftn(a, transform_sizes(s), transform_axes(s, axes, np.ndim(a)), norm)


def _fftn(a, s, axes, norm):
    for k in reversed(axes_of(len(axes))):
        a = np.fft.fft(a, _size(s, k), axes[k], norm)
    return a


def _ifftn(a, s, axes, norm):
    for k in reversed(axes_of(len(axes))):
        a = np.fft.ifft(a, _size(s, k), axes[k], norm)
    return a


def _rfftn(a, s, axes, norm):
    last = len(axes) - 1
    return _fftn(np.fft.rfft(a, _size(s, last), axes[last], norm), None if s is None else s[:last], axes[:last], norm)


def _irfftn(a, s, axes, norm):
    last = len(axes) - 1
    for k in axes_of(last):
        a = np.fft.ifft(a, _size(s, k), axes[k], norm)
    return np.fft.irfft(a, _size(s, last), axes[last], norm)


@composed("np.fft.hfft")
def hfft(a, n=None, axis=-1, norm=None):
    return np.fft.irfft(np.conjugate(a), n, axis, inverse_norm(norm))


@composed("np.fft.ihfft")
def ihfft(a, n=None, axis=-1, norm=None):
    return np.conjugate(np.fft.rfft(a, n, axis, inverse_norm(norm)))


@composed("np.fft.fftshift")
def fftshift(x, axes=None):
    chosen = forwards(axes, np.ndim(x))
    return np.roll(x, tuple([np.shape(x)[k] // 2 for k in chosen]), chosen)


@composed("np.fft.ifftshift")
def ifftshift(x, axes=None):
    chosen = forwards(axes, np.ndim(x))
    return np.roll(x, tuple([-(np.shape(x)[k] // 2) for k in chosen]), chosen)


@composed("np.fft.fftfreq")
def fftfreq(n, d=1.0, device=None):
    return np.concatenate((np.arange(0, (n - 1) // 2 + 1), np.arange(-(n // 2), 0))) * (1.0 / (n * d))


@composed("np.fft.rfftfreq")
def rfftfreq(n, d=1.0, device=None):
    return np.arange(0, n // 2 + 1) * (1.0 / (n * d))
