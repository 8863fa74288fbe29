"""Makes data/losses.json: losses and their gradients by torch.nn.functional in float64, extreme logits among them."""

import numpy
import torch
import torch.nn.functional as functional
from golden_format import Draw, encode_tensor, write_goldens

EXTREMES = [0.0, -0.0, 1e-30, 1.0, -1.0, 20.0, -20.0, 36.0, -36.0, 100.0, -100.0, 700.0, -700.0, 1000.0, -1000.0]


def rows(draw, size):
    """Logits `[rows, size]`: ordinary ones, large ones, equal ones, then extremes in every place."""
    parts = [draw.uniform(6, size, limit=2), draw.uniform(6, size, limit=50), numpy.zeros((1, size))]
    parts.append(numpy.full((1, size), 1000.0))
    for place in range(size):
        extreme = draw.uniform(len(EXTREMES), size, limit=1)
        extreme[:, place] = numpy.array(EXTREMES, "f4")
        parts.append(extreme)
    opposite = numpy.full((2, size), -1000.0)
    opposite[0, 0] = opposite[1, size - 1] = 1000.0
    return torch.tensor(numpy.concatenate([*parts, opposite]).astype("f4").astype("f8"), requires_grad=True)


def make_case(loss, size):
    name = f"{loss} {size}"
    draw = Draw(name)
    y = rows(draw, size)
    count = y.shape[0]
    if loss == "categorical-cross-entropy":
        target = torch.tensor(draw.integers(size, count)).long()
        compute = functional.cross_entropy
    elif loss == "binary-cross-entropy":
        target = torch.tensor(draw.integers(2, count, size)).double()
        target[:3] = torch.tensor(draw.uniform(3, size) + 0.5)
        compute = functional.binary_cross_entropy_with_logits
    else:
        target = torch.tensor(draw.uniform(count, size, limit=3))
        compute = functional.mse_loss
    ordinary = y.detach()[:6].requires_grad_()
    assert torch.autograd.gradcheck(lambda rows: compute(rows, target[:6], reduction="none"), ordinary), name
    value = compute(y, target, reduction="none")
    (gradient,) = torch.autograd.grad(value.sum(), y)
    assert bool(torch.isfinite(value).all()) and bool(torch.isfinite(gradient).all()), name
    return {
        "name": name,
        "loss": loss,
        "y": encode_tensor(y),
        "target": encode_tensor(target),
        "value": encode_tensor(value),
        "gradient": encode_tensor(gradient),
    }


PLANS = [
    *(("categorical-cross-entropy", size) for size in [2, 3, 7]),
    *(("binary-cross-entropy", size) for size in [1, 3]),
    *(("squared-error", size) for size in [1, 3]),
]
write_goldens("losses.json", {"torch": torch.__version__}, [make_case(*plan) for plan in PLANS])
