"""Makes data/optimizers.json: updates, clipping and learning-rate schedules by torch.optim in float64."""

import math

import torch
from golden_format import Draw, encode_tensor, encode_tensors, write_goldens

kinds = torch.optim.lr_scheduler
UPDATES = 20
SHAPES = {"W": (3, 2), "b": (3,), "s": (1,)}
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": False}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.8, "nesterov": True}, {"momentum": 0.8, "nesterov": True}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-8}, {"rho": 0.9, "epsilon": 1e-8}),
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
            # PyTorch divides by the norm plus 1e-6, which leaves the result a little under the bound; undone here.
            norm = torch.nn.utils.get_total_norm([weight.grad for weight in weights.values()])
            torch.nn.utils.clip_grad_norm_(weights.values(), clip["norm"] * float((norm + 1e-6) / norm))
        torch_optimizer.param_groups[0]["lr"] = rate
        torch_optimizer.step()
        for key, weight in weights.items():
            after[key].append(weight.detach().clone())
    return {
        "name": name,
        "optimizer": "momentum" if optimizer == "nesterov" else optimizer,
        "options": options,
        "clip": clip,
        "rates": rates,
        "weights": start,
        "gradients": encode_tensors(gradients),
        "gradientNorms": norms,
        "expected": {key: encode_tensor(torch.stack(values)) for key, values in after.items()},
    }


FIRST, PLANNED, WARMUP = 0.1, 30, 5
SCHEDULES = {
    "constant": ({}, lambda o, left: kinds.ConstantLR(o, factor=1)),
    "step": ({"every": 7, "factor": 0.5}, lambda o, left: kinds.StepLR(o, step_size=7, gamma=0.5)),
    "exponential": ({"factor": 0.9}, lambda o, left: kinds.ExponentialLR(o, gamma=0.9)),
    "linear": ({"final": 0.1}, lambda o, left: kinds.LinearLR(o, start_factor=1, end_factor=0.1, total_iters=left)),
    "cosine": ({"final": 0.01}, lambda o, left: kinds.CosineAnnealingLR(o, T_max=left, eta_min=FIRST * 0.01)),
}


def schedule(kind, warmup):
    """The rates that a PyTorch schedule gives for updates 0, 1, …; with `warmup`, after a rise in a line."""
    options, make = SCHEDULES[kind]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=FIRST)
    if warmup:
        rise = kinds.LinearLR(optimizer, start_factor=1 / warmup, end_factor=1, total_iters=warmup - 1)
        then = make(optimizer, PLANNED - warmup)
        schedule_of_torch = kinds.SequentialLR(optimizer, [rise, then], milestones=[warmup])
        options = {**options, "warmup": warmup}
    else:
        schedule_of_torch = make(optimizer, PLANNED)
    rates = []
    for _ in range(PLANNED):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule_of_torch.step()
    name = f"{kind} after warm-up" if warmup else kind
    return {"name": name, "schedule": {"kind": kind, **options}, "first": FIRST, "updates": PLANNED, "rates": rates}


def cases():
    falling = [0.05 * 0.9**update for update in range(UPDATES)]
    for optimizer in OPTIMIZERS:
        for clip in CLIPS:
            described = " and ".join(f"{kind} {bound}" for kind, bound in clip.items())
            yield updates(f"{optimizer} clip {described}" if clip else optimizer, optimizer, clip, [0.05] * UPDATES)
        yield updates(f"{optimizer} falling rate", optimizer, {}, falling)
    for kind in SCHEDULES:
        yield schedule(kind, 0)
        yield schedule(kind, WARMUP)


write_goldens("optimizers.json", {"torch": torch.__version__}, list(cases()))
