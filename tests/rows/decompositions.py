"""Products of vectors and stacks, decompositions, least squares, norms by singular values."""

from __future__ import annotations

from .declare import Num, row

row("np.cross", Num((3,)), Num((3,)))
row("np.cross", Num((4, 3), form="strided"), Num((3,)))
row("np.cross", Num((3, 4), form="F"), Num((3, 4)), 0, 0, 0)
row("np.cross", Num((3,)), Num((4, 3)), 0)
row("np.vecdot", Num((3,)), Num((3,)))
row("np.vecdot", Num((2, 3)), Num((3,)))
row("np.vecdot", Num((3, 2), form="F"), Num((3, 2)), 0)
row("np.matvec", Num((2, 3)), Num((3,)))
row("np.matvec", Num((4, 2, 3)), Num((3,)))
row("np.matvec", Num((2, 3)), Num((5, 3)))
row("np.vecmat", Num((2,)), Num((2, 3)))
row("np.vecmat", Num((4, 2)), Num((2, 3)))
row("np.linalg.multi_dot", (Num((2, 3)), Num((3, 4)), Num((4, 2))))
row("np.linalg.multi_dot", (Num((3,)), Num((3, 4)), Num((4,))))
row("np.linalg.multi_dot", (Num((2, 3)), Num((3, 4)), Num((4, 2)), Num((2, 5))))

for _shape in ((3, 3), (2, 3, 3), (1, 1)):
    row("np.linalg.eigh", Num(_shape))
    row("np.linalg.eigh", Num(_shape), "U")
    row("np.linalg.eigvalsh", Num(_shape))
    row("np.linalg.eigvalsh", Num(_shape), "U")
    row("np.linalg.cholesky", Num(_shape, form="spd"), True)
for _shape in ((3, 3), (4, 3), (3, 5), (2, 4, 3), (2, 3, 4), (1, 1)):
    row("np.linalg.qr", Num(_shape))
    row("np.linalg.svd", Num(_shape), False)
    row("np.linalg.svdvals", Num(_shape))
    row("np.linalg.pinv", Num(_shape))
row("np.linalg.eigvalsh", Num((3, 3)), "u")
row("np.linalg.eigvalsh", Num((3, 3)), "l")
row("np.linalg.svd", Num((3, 3), form="F"))
row("np.linalg.qr", Num((3, 3)), "complete")
row("np.linalg.qr", Num((2, 4)), "complete")
row("np.linalg.qr", Num((4, 3), form="F"))
row("np.linalg.lstsq", Num((5, 3)), Num((5,)))
row("np.linalg.lstsq", Num((5, 3), form="F"), Num((5, 2)))
row("np.linalg.lstsq", Num((3, 5)), Num((3,)))
row("np.linalg.lstsq", Num((5, 3)), Num((5,)), 1e-6)
row("np.linalg.lstsq", Num((5, 3)), Num((5,)), -1)
row("np.linalg.pinv", Num((2, 4, 3)), 1e-5)
row("np.linalg.pinv", Num((4, 3)), None, 1e-5)
row("np.linalg.matrix_rank", Num((3, 4)))
for _ord in (2, -2, "nuc"):
    row("np.linalg.norm", Num((3, 4)), _ord)
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (0, 2))
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (2, 1), True)
row("np.linalg.norm", Num((4,)), 0)
row("np.linalg.norm", Num((2, 3)), 0, 1)
