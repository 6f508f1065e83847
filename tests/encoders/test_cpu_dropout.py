"""The faster dropout drops what it should, and attention around it is attention."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from mtl_core.encoders import cpu_dropout
from tests import toy


def test_it_drops_the_share_that_was_asked_for_and_scales_up_the_rest() -> None:
    torch.manual_seed(0)
    x = torch.ones(1000, 1000, requires_grad=True)
    y = cpu_dropout.dropout(x, 0.1, training=True)
    assert (y == 0).float().mean() == pytest.approx(0.1, abs=0.001)
    assert y[y != 0].unique().tolist() == pytest.approx([1 / 0.9])
    y.sum().backward()
    assert torch.equal(x.grad, y), "the gradient passes where the number did"
    assert (y[:, :-1] == 0).logical_and(y[:, 1:] == 0).float().mean() == pytest.approx(0.01, abs=0.001)
    assert cpu_dropout.dropout(x, 0.1, training=False) is x


def test_torchs_random_state_decides_the_mask() -> None:
    x = torch.ones(64)
    state = torch.get_rng_state()
    first, second = (cpu_dropout.dropout(x, 0.5, training=True) for _ in range(2))
    torch.set_rng_state(state)
    assert torch.equal(cpu_dropout.dropout(x, 0.5, training=True), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_attention_is_torchs_but_for_the_mask_it_draws(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    query, key, value = (torch.randn(3, 2, 7, 4, dtype=dtype) for _ in range(3))
    mask = torch.ones(3, 1, 7, 7, dtype=torch.bool)
    mask[:, :, :, 5:] = False
    right = scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2)
    without, _ = cpu_dropout.attention(nn.Module(), query, key, value, mask, dropout=0.0)
    hardly, _ = cpu_dropout.attention(nn.Module(), query, key, value, mask, dropout=1e-6)
    close = {"atol": 1e-6} if dtype == torch.float32 else {"atol": 0.05}
    assert torch.allclose(without, right, **close)
    assert torch.allclose(hardly, right, **close)
    dropped = [cpu_dropout.attention(nn.Module(), query, key, value, mask, dropout=0.3)[0].float() for _ in range(4000)]
    assert torch.allclose(torch.stack(dropped).mean(0), right.float(), atol=0.06), "in the mean nothing is lost"


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("window", [0, 1, 3, 20])
def test_local_attention_of_any_window_stays_finite(window: int, dtype: torch.dtype) -> None:
    """A padded place may look at padding alone where the window is small: no softmax over nothing."""
    torch.manual_seed(0)
    query, key, value = (torch.randn(2, 2, 9, 4, dtype=dtype, requires_grad=True) for _ in range(3))
    places = torch.arange(9)
    near = (places[:, None] - places).abs() <= window
    mask = (near & (places < torch.tensor([[4], [9]]))[:, None])[:, None]  # the first row has 5 of padding
    out, _ = cpu_dropout.attention(nn.Module(), query, key, value, mask, dropout=0.2)
    assert torch.isfinite(out).all()
    out[0, :4].sum().backward()
    assert all(torch.isfinite(one.grad).all() for one in (query, key, value))
    assert not value.grad[0, :, 4:].any()  # padding teaches nothing


def test_it_takes_the_place_of_every_dropout_of_a_model() -> None:
    model = toy.model("hard")
    count = sum(type(part) is nn.Dropout for part in model.modules())
    cpu_dropout.install(model)
    found = [part for part in model.modules() if isinstance(part, cpu_dropout.Dropout)]
    assert len(found) == count > 5
    assert not any(type(part) is nn.Dropout for part in model.modules())
    assert model.encoder_of("sst2").config._attn_implementation == cpu_dropout.ATTENTION
    toy.loss(model.train(), "sst2").backward()
