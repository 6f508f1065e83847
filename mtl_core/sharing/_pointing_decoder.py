"""A decoder that points at the first and last token of a span, looks at what it pointed at, and points again."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mtl_core.encoders.heads import NEVER


class HighwayMaxout(nn.Module):
    """Scores every token in the light of the decoder's state: max over P pieces, with a way past the middle layer.

    r = tanh(W_D [h; u_s; u_e]); m1 = max(W1 [u; r] + b1); m2 = max(W2 m1 + b2); score = max(W3 [m1; m2] + b3)

    Source: Xiong et al. 2017, "Dynamic Coattention Networks for Question Answering", section 2.3.
    """

    def __init__(self, size: int, pool: int) -> None:
        super().__init__()
        self.pool = pool
        self.state = nn.Linear(5 * size, size, bias=False)
        self.token = nn.Linear(2 * size, pool * size)
        self.of_state = nn.Linear(size, pool * size, bias=False)
        self.middle = nn.Linear(size, pool * size)
        self.last = nn.Linear(2 * size, pool)

    def read(self, tokens: Tensor) -> Tensor:
        """The tokens' part of the first layer, which is the same in every iteration: (R, M, 2S) -> (R, M, P * S)."""
        return self.token(tokens)  # type: ignore[no-any-return]

    def forward(self, read: Tensor, state: Tensor) -> Tensor:
        """(R, M, P * S), (R, 5S) -> (R, M)"""
        from_state = self.of_state(torch.tanh(self.state(state)))  # (R, P * S)
        first = self._max(read + from_state[:, None])
        second = self._max(self.middle(first))
        return self._max(self.last(torch.cat([first, second], dim=2)))[..., 0]

    def _max(self, pieces: Tensor) -> Tensor:
        """(R, M, P * S) -> (R, M, S)"""
        return pieces.view(*pieces.shape[:2], self.pool, -1).amax(dim=2)


class PointingDecoder(nn.Module):
    """h_i = LSTM(h_(i-1), [u_s; u_e]); s, e = argmax of HMN_start and HMN_end given h_i, u_s, u_e; and so on.

    It begins at the first token on both sides.

    Source: Xiong et al. 2017, section 2.3.
    """

    def __init__(self, size: int, pool: int, iterations: int) -> None:
        super().__init__()
        self.iterations = iterations
        self.cell = nn.LSTMCell(4 * size, size)
        self.start, self.end = HighwayMaxout(size, pool), HighwayMaxout(size, pool)

    def forward(self, tokens: Tensor, kept: Tensor) -> Tensor:
        """(R, M, 2S), (R, M) -> (R, I, 2, M) logits of first and last token after each iteration."""
        read = self.start.read(tokens), self.end.read(tokens)
        hidden = cell = tokens.new_zeros(len(tokens), self.cell.hidden_size)
        pointed, all_logits = torch.cat([tokens[:, 0], tokens[:, 0]], dim=1), []  # (R, 4S)
        every = torch.arange(len(tokens), device=tokens.device)
        for _ in range(self.iterations):
            hidden, cell = self.cell(pointed, (hidden, cell))
            state = torch.cat([hidden, pointed], dim=1)
            logits = torch.stack([self.start(read[0], state), self.end(read[1], state)], dim=1)  # (R, 2, M)
            all_logits.append(logits.masked_fill(~kept[:, None], NEVER))
            pointed = tokens[every[:, None], all_logits[-1].argmax(dim=2)].flatten(1)
        return torch.stack(all_logits, dim=1)
