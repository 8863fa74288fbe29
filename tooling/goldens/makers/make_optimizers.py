"""Makes data/optimizers.json: updates, clipping and learning-rate schedules by torch.optim in float64."""

import math

import torch
from golden_format import Draw, encode_tensor, encode_tensors, write_goldens

UPDATES = 20
SHAPES = {"W": (3, 2), "b": (3,), "s": ()}
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, {"momentum": 0.9}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-8}, {"decay": 0.9, "epsilon": 1e-8}),
    "adam": (
        torch.optim.Adam,
        {"betas": (0.9, 0.999), "eps": 1e-8},
        {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    ),
    "adamw": (
        torch.optim.AdamW,
        {"betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
        {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": 0.1},
    ),
}
CLIPS = [{}, {"norm": 1.5}, {"value": 0.4}, {"value": 0.9, "norm": 1.5}]


def updates(name, optimizer, clip, rates):
    """Weights after each of the updates, from gradients drawn by name; by value first, then by norm."""
    maker, torch_options, options = OPTIMIZERS[optimizer]
    draw = Draw(name)
    weights = {key: torch.tensor(draw.uniform(*shape, limit=1)).requires_grad_() for key, shape in SHAPES.items()}
    start = encode_tensors(weights)
    gradients = {key: torch.tensor(draw.uniform(UPDATES, *shape, limit=2)) for key, shape in SHAPES.items()}
    gradients["W"][:, 0, 0] = 0
    gradients["b"][3:, 1] = 0
    torch_optimizer = maker(list(weights.values()), lr=rates[0], **torch_options)
    after, norms = {key: [] for key in SHAPES}, []
    for update, rate in enumerate(rates):
        for key, weight in weights.items():
            weight.grad = gradients[key][update].clone()
        norms.append(math.sqrt(sum(float((weight.grad**2).sum()) for weight in weights.values())))
        if "value" in clip:
            torch.nn.utils.clip_grad_value_(weights.values(), clip["value"])
        if "norm" in clip:
            torch.nn.utils.clip_grad_norm_(weights.values(), clip["norm"])
        torch_optimizer.param_groups[0]["lr"] = rate
        torch_optimizer.step()
        for key, weight in weights.items():
            after[key].append(weight.detach().clone())
    return {
        "name": name,
        "optimizer": optimizer,
        "options": options,
        "clip": clip,
        "rates": rates,
        "weights": start,
        "gradients": encode_tensors(gradients),
        "gradientNorms": norms,
        "expected": {key: encode_tensor(torch.stack(values)) for key, values in after.items()},
    }


def schedule(name, kind, options, make):
    """The rates that a PyTorch schedule gives for updates 0, 1, …, starting from 0.1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    torch_schedule, rates = make(optimizer), []
    for _ in range(30):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        torch_schedule.step()
    return {"name": name, "schedule": kind, "options": options, "start": 0.1, "rates": rates}


def schedules():
    kinds = torch.optim.lr_scheduler
    yield schedule("constant", "constant", {}, lambda o: kinds.ConstantLR(o, factor=1))
    yield schedule("step", "step", {"every": 7, "factor": 0.5}, lambda o: kinds.StepLR(o, step_size=7, gamma=0.5))
    yield schedule("exponential", "exponential", {"factor": 0.9}, lambda o: kinds.ExponentialLR(o, gamma=0.9))
    yield schedule(
        "cosine",
        "cosine",
        {"updates": 30, "minimum": 0.001},
        lambda o: kinds.CosineAnnealingLR(o, T_max=30, eta_min=0.001),
    )
    yield schedule(
        "linear",
        "linear",
        {"updates": 30, "minimum": 0},
        lambda o: kinds.LinearLR(o, start_factor=1, end_factor=0, total_iters=30),
    )
    # Warm-up reaches the full rate at update `warmup` − 1 and never is 0; then straight down to 0 at `updates`.
    warmup, total = 5, 30
    yield schedule(
        "warmup then linear",
        "linear",
        {"updates": total, "minimum": 0, "warmup": warmup},
        lambda o: kinds.LambdaLR(
            o, lambda u: (u + 1) / warmup if u < warmup else (total - u) / (total - warmup)
        ),
    )


def cases():
    falling = [0.05 * 0.9**update for update in range(UPDATES)]
    for optimizer in OPTIMIZERS:
        for clip in CLIPS:
            described = " and ".join(f"{kind} {bound}" for kind, bound in clip.items())
            yield updates(f"{optimizer} clip {described}" if clip else optimizer, optimizer, clip, [0.05] * UPDATES)
        yield updates(f"{optimizer} falling rate", optimizer, {}, falling)
    yield from schedules()


write_goldens("optimizers.json", {"torch": torch.__version__}, list(cases()))
