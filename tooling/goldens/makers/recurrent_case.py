"""One recurrent case: drawn from its name, run by PyTorch, checked, and written down as JSON."""

from dataclasses import dataclass, field

import torch
from golden_format import Draw, encode_tensor, encode_tensors
from networks import check_directions, network_shapes, run_network, textbook_layer, weighted_loss


@dataclass
class Drawn:
    """What a case starts from. `leaves` holds all that has a gradient: parameters, `state:…` and, for vectors, `x`."""

    name: str
    network: dict
    lengths: torch.Tensor
    leaves: dict
    parameters: list
    states: list
    ids: torch.Tensor | None = None
    output_gradient: torch.Tensor | None = None
    final_gradient: dict = field(default_factory=dict)
    targets: torch.Tensor | None = None
    weights: torch.Tensor | None = None
    seed: int = 0

    @property
    def linear(self):
        """Whether the value is a fixed linear function of outputs and final states instead of a loss."""
        return self.network["head"] == "hidden"


@dataclass
class Result:
    """What a library made of it; `gradients` by leaf."""

    output: object
    final: dict
    value: float
    gradients: dict


def draw_case(name, network, lengths_list, given):
    """Draws every number of a case; states are zeros where none are given."""
    draw = Draw(name)
    shapes, states, width = network_shapes(network)
    time, batch = max(lengths_list), len(lengths_list)
    leaves = {key: torch.tensor(draw.uniform(*shape)) for key, shape in shapes.items()}
    for key, shape in states.items():
        drawn = torch.tensor(draw.uniform(batch, *shape))
        leaves[f"state:{key}"] = drawn if given else torch.zeros_like(drawn)
    case = Drawn(name, network, torch.tensor(lengths_list), leaves, list(shapes), list(states), seed=draw.seed)
    source = network["input"]
    if source["kind"] == "ids":
        case.ids = torch.tensor(draw.integers(source["vocabulary"], time, batch)).long()
    else:
        leaves["x"] = torch.tensor(draw.uniform(time, batch, source["size"], limit=1))
    if case.linear:
        case.output_gradient = torch.tensor(draw.uniform(time, batch, width))
        case.final_gradient = {key: torch.tensor(draw.uniform(batch, *shape)) for key, shape in states.items()}
    else:
        case.targets, case.weights = draw_targets(draw, network, time, batch)
    return case


def draw_targets(draw, network, time, batch):
    """Targets and weights of every row, or of every step; where there is padding they hold something too."""
    place = (time, batch) if network["head"] == "steps" else (batch,)
    if network["loss"] == "categorical-cross-entropy":
        targets = torch.tensor(draw.integers(network["size"], *place)).long()
    elif network["loss"] == "binary-cross-entropy":
        targets = torch.tensor(draw.integers(2, *place, network["size"])).double()
    else:
        targets = torch.tensor(draw.uniform(*place, network["size"], limit=2))
    return targets, torch.tensor(draw.uniform(*place) + 0.75)


def run_torch(case):
    """The case by PyTorch, after checks against the textbook and against finite differences."""

    def run(values, **options):
        parameters = {key: values[key] for key in case.parameters}
        initial = {key: values[f"state:{key}"] for key in case.states}
        return run_network(case.network, parameters, values.get("x", case.ids), case.lengths, initial, **options)

    def value_of(values):
        y, final = run(values)
        if not case.linear:
            return weighted_loss(case.network, y, case.lengths, case.targets, case.weights)
        return (y * case.output_gradient).sum() + sum((final[k] * g).sum() for k, g in case.final_gradient.items())

    leaves = {key: leaf.clone().requires_grad_() for key, leaf in case.leaves.items()}
    y, final = run(leaves)
    value = value_of(leaves)
    found = torch.autograd.grad(value, list(leaves.values()), allow_unused=True)
    gradients = {key: torch.zeros_like(leaves[key]) if g is None else g for key, g in zip(leaves, found)}
    with torch.no_grad():
        book_y, book_final = run(case.leaves, layer=textbook_layer)
    for ours, theirs in [(book_y, y), *((book_final[key], final[key]) for key in case.states)]:
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-13), f"{case.name}: the textbook disagrees"
    check_directions(case.name, value_of, case.leaves, gradients, torch.Generator().manual_seed(case.seed))
    return Result(y, final, value.item(), gradients)


def to_json(case, result):
    """The case and its result as the golden files hold them."""
    written = {
        "name": case.name,
        "network": case.network,
        "lengths": case.lengths.tolist(),
        "x": encode_tensor(case.leaves.get("x", case.ids)),
        "initialState": encode_tensors({key: case.leaves[f"state:{key}"] for key in case.states}),
        "parameters": encode_tensors({key: case.leaves[key] for key in case.parameters}),
    }
    if case.linear:
        written["outputGradient"] = encode_tensor(case.output_gradient)
        written["finalStateGradient"] = encode_tensors(case.final_gradient)
    else:
        written["targets"] = encode_tensor(case.targets)
        written["weights"] = encode_tensor(case.weights)
    gradients = result.gradients
    written["expected"] = {
        "output": encode_tensor(result.output),
        "finalState": encode_tensors(result.final),
        "loss": 0 if case.linear else result.value,
        "parameters": encode_tensors({key: gradients[key] for key in case.parameters}),
        "inputs": encode_tensors({"x": gradients["x"]} if "x" in gradients else {}),
        "initialState": encode_tensors({key: gradients[f"state:{key}"] for key in case.states}),
    }
    return written
