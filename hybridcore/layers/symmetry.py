"""Layers that treat all classes alike.

Where a vector begins with one entry for each class, a linear map that commutes with every
renumbering of the classes has the form ``a I + b 11'`` between class entries, and equal weights
between class entries and the others (Zaheer et al., *Deep Sets*, NeurIPS 2017, arXiv 1703.06114).
:func:`symmetrise` is the projection onto such maps: the mean over all renumberings.

A network tied like this learns how evidence is to be weighed, and cannot learn which examples of
which class it met. It is still a plain ``nn.LSTM`` or convolution: only its weights are tied.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def symmetrise(matrix: Tensor, classes: int, *, rows: bool, columns: bool) -> Tensor:
    """Project ``[R, K]`` or ``[R, K, taps]``; ``rows`` and ``columns`` say which of the two begin
    with the entries of the classes.
    """
    result = matrix.clone()
    if rows and columns:
        block = matrix[:classes, :classes]
        diagonal = block.diagonal(dim1=0, dim2=1).mean(-1)  # a scalar, or one a tap
        others = (block.sum((0, 1)) - classes * diagonal) / (classes * (classes - 1))
        unit = torch.eye(classes, dtype=matrix.dtype, device=matrix.device)
        unit = unit.view(classes, classes, *[1] * (matrix.dim() - 2))
        result[:classes, :classes] = others + (diagonal - others) * unit
        result[:classes, classes:] = matrix[:classes, classes:].mean(0, keepdim=True)
        result[classes:, :classes] = matrix[classes:, :classes].mean(1, keepdim=True)
    elif rows:
        result[:classes] = matrix[:classes].mean(0, keepdim=True)
    elif columns:
        result[:, :classes] = matrix[:, :classes].mean(1, keepdim=True)
    return result


def tie(parameter: nn.Parameter, classes: int, *, blocks: int = 1, rows: bool = True,
        columns: bool = True) -> None:
    """Symmetrise ``parameter`` now and its gradient from now on, so that it stays symmetric under
    any optimiser that works elementwise.

    ``blocks``: how many matrices are stacked along the rows, such as the four gates of an LSTM. A
    vector (a bias) has no columns.
    """

    def project(value: Tensor) -> Tensor:
        parts = value.chunk(blocks)
        if value.dim() == 1:
            return torch.cat([
                symmetrise(p[:, None], classes, rows=rows, columns=False)[:, 0] for p in parts])
        return torch.cat([symmetrise(p, classes, rows=rows, columns=columns) for p in parts])

    with torch.no_grad():
        parameter.copy_(project(parameter))
    parameter.register_hook(project)
