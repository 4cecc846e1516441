"""Products, diagonals and linear algebra."""

from __future__ import annotations

import numpy as np

from .declare import Num, row

for _left, _right in (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)),
                      ((2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4)), ((4, 1, 2, 3), (5, 3, 2)),
                      ((1, 1), (1, 1)),
                      ((0, 3), (3, 2)), ((2, 0), (0, 3))):
    row("np.matmul", Num(_left), Num(_right))
row("np.matmul", Num((2, 3), form="F"), Num((3, 4), form="strided"))
for _left, _right in (((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)),
                      ((5, 2, 3), (3,)), ((3,), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (6, 3, 4))):
    row("np.dot", Num(_left), Num(_right))
for _left, _right in (((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((5, 2, 3), (4, 3)), ((), (3,))):
    row("np.inner", Num(_left), Num(_right))
row("np.vdot", Num((3,)), Num((3,)))
row("np.vdot", Num((2, 3)), Num((2, 3)))
for _left, _right in (((3,), (4,)), ((2, 3), (4,)), ((), (3,))):
    row("np.outer", Num(_left), Num(_right))
row("np.tensordot", Num((2, 3)), Num((3, 4)), 1)
row("np.tensordot", Num((2, 3, 4)), Num((3, 4, 5)))
row("np.tensordot", Num((2, 3, 4)), Num((4, 5, 2)), ((0, -1), (2, 0)))
row("np.tensordot", Num((3, 2)), Num((4, 3)), (0, 1))
row("np.tensordot", Num((3,)), Num((3,)), 1)
row("np.tensordot", Num((3,)), Num((2,)), 0)
row("np.einsum", "ij,jk->ik", (Num((2, 3)), Num((3, 4))))
row("np.einsum", "bij, bjk -> bik", (Num((2, 2, 3)), Num((2, 3, 4))), True)
row("np.einsum", "ij->j", (Num((2, 3)),))
row("np.einsum", "ij->", (Num((2, 3)),))
row("np.einsum", "ij->ji", (Num((2, 3)),))
row("np.einsum", "i,j,ij->", (Num((2,)), Num((3,)), Num((2, 3))))
row("np.einsum", "ij,ij->i", (Num((2, 3)), Num((2, 1))))
row("np.einsum", "ik,j->ij", (Num((2, 3)), Num((2,))))
row("np.einsum", "ii->", (Num((3, 3)),))
row("np.einsum", "ii->i", (Num((3, 3)),))
row("np.einsum", "bij,bkk->ij", (Num((2, 3, 4)), Num((2, 3, 3))))
row("np.einsum", "iij,jii->", (Num((2, 2, 3)), Num((3, 2, 2))))
for _offset in (0, 1, -1):
    row("np.trace", Num((2, 3, 4)), _offset)
    row("np.trace", Num((2, 3, 4)), _offset, 1, -1)
    row("np.diagonal", Num((2, 3, 4)), _offset, 2, 0)
    row("np.trace", Num((3, 4)), _offset)
    row("np.diagonal", Num((3, 4)), _offset)
    row("np.diagonal", Num((4, 3), form="F"), _offset)
    row("np.diag", Num((3,)), _offset)
    row("np.diag", Num((3, 3)), _offset)
    row("np.tril", Num((3, 4)), _offset)
    row("np.triu", Num((2, 3, 3)), _offset)
row("np.trace", Num((3, 3), 0, 5, dtype="int64"))
for _shape in ((3, 3), (2, 3, 3), (1, 1)):
    for _name in ("inv", "det", "slogdet"):
        row(f"np.linalg.{_name}", Num(_shape))
    row("np.linalg.cholesky", Num(_shape, form="spd"))
row("np.linalg.solve", Num((3, 3)), Num((3,)))
row("np.linalg.solve", Num((3, 3)), Num((3, 2)))
row("np.linalg.solve", Num((2, 3, 3)), Num((2, 3, 2)))
row("np.linalg.solve", Num((2, 3, 3)), Num((3, 2)))
for _shape, _axis in (((4,), None), ((2, 3), None), ((2, 3), 0), ((2, 3), -1), ((2, 3), (0, 1)), ((2, 1, 3), 2)):
    row("np.linalg.norm", Num(_shape), None, _axis)
    row("np.linalg.norm", Num(_shape), None, _axis, True)
row("np.linalg.solve", Num((2, 3, 3)), Num((3,)))
for _ord in (1, 2, 3, 0.5, -1, np.inf, -np.inf):
    row("np.linalg.norm", Num((4,)), _ord)
    row("np.linalg.norm", Num((2, 3)), _ord, 1)
    row("np.linalg.norm", Num((2, 3)), _ord, 0, True)
for _ord in ("fro", 1, -1, np.inf, -np.inf):
    row("np.linalg.norm", Num((3, 4)), _ord)
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (0, 2))
    row("np.linalg.norm", Num((2, 3, 4)), _ord, (2, 1), True)
row("np.linalg.norm", Num((4,)), 1)
row("np.linalg.norm", Num((4,)), 2)
row("np.linalg.norm", Num((2, 3)), 1, 0)
row("np.linalg.norm", Num((2, 3)), 2, -1, True)
row("np.linalg.norm", Num((2, 3)), "fro")
