"""Projection on the cone of directions that hurt no task, by non-negative least squares."""

from __future__ import annotations

import numpy as np
import torch
from scipy.optimize import nnls
from torch import Tensor
from torchjd.linalg import DualConeProjector, PSDMatrix


class NonNegative(DualConeProjector):
    """Takes the place of torchjd's own projector, whose solver is GPL.

    w = argmin of w' G w with w >= u is u + v, where v >= 0 is as near as it gets to G^(1/2) v = -G^(1/2) u: least
    squares, solved exactly by Lawson & Hanson 1974, chapter 23, as scipy has it.
    """

    def __call__(self, U: Tensor, G: PSDMatrix) -> Tensor:  # noqa: N803  torchjd's names
        """Weights of the projections of the vectors that `U` weighs: (..., T), (T, T) -> (..., T)."""
        values, vectors = np.linalg.eigh(G.detach().cpu().double().numpy())
        root = np.sqrt(values.clip(min=0))[:, None] * vectors.T  # root' root = G
        weights = U.detach().cpu().double().numpy().reshape(-1, len(root))
        projections = np.stack([row + nnls(root, -root @ row)[0] for row in weights])
        return torch.as_tensor(projections.reshape(U.shape)).to(G)
