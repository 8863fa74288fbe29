"""Makes data/recurrent.json: forward and gradients of recurrent networks by PyTorch in float64, random distinct weights."""

import torch
from golden_format import Draw, encode_tensor, encode_tensors, write_goldens
from networks import (
    check_directions,
    network_shapes,
    run_network,
    textbook_layer,
    weighted_loss,
)

LENGTHS = {
    1: [1],
    2: [2, 1, 0],
    7: [4, 0, 7, 1, 6],
    50: [23, 50, 1],
}


def layers(cell, *kinds):
    """Descriptions of layers from pairs of units and direction."""
    return [{"cell": cell, "units": units, "direction": direction} for units, direction in kinds]


def plans():
    """Every case: its name, network, lengths, and whether initial states are given."""
    vectors = {"kind": "vectors", "size": 3}
    for cell in ["vanilla", "lstm"]:
        hidden = {"input": vectors, "head": "hidden"}
        for time, lengths in LENGTHS.items():
            network = {**hidden, "layers": layers(cell, (4, "forward"))}
            yield f"{cell} forward T={time}", network, lengths, time == 7
        shapes = {
            "backward": [(4, "backward")],
            "both": [(4, "both")],
            "two layers": [(4, "forward"), (3, "forward")],
            "two layers both": [(3, "both"), (4, "both")],
            "both then forward then backward": [(2, "both"), (3, "forward"), (2, "backward")],
        }
        for name, kinds in shapes.items():
            network = {**hidden, "layers": layers(cell, *kinds)}
            yield f"{cell} {name} T=7", network, LENGTHS[7], True
            if name != "both then forward then backward":
                yield f"{cell} {name} T=50", network, [17, 50], False
            if name in ("backward", "both"):
                yield f"{cell} {name} T=1", network, [1, 0], True
                yield f"{cell} {name} T=2", network, [1, 2], False
        heads = [
            ("last", "categorical-cross-entropy", 3, "forward"),
            ("mean", "categorical-cross-entropy", 3, "forward"),
            ("max", "categorical-cross-entropy", 3, "forward"),
            ("last", "categorical-cross-entropy", 3, "both"),
            ("mean", "categorical-cross-entropy", 2, "both"),
            ("max", "categorical-cross-entropy", 2, "both"),
            ("last", "squared-error", 1, "forward"),
            ("mean", "squared-error", 1, "backward"),
            ("mean", "binary-cross-entropy", 1, "forward"),
            ("max", "binary-cross-entropy", 1, "both"),
            ("steps", "categorical-cross-entropy", 3, "forward"),
            ("steps", "categorical-cross-entropy", 3, "both"),
            ("steps", "squared-error", 1, "forward"),
        ]
        for head, loss, size, direction in heads:
            network = {
                "input": vectors,
                "layers": layers(cell, (4, direction)),
                "head": head,
                "size": size,
                "loss": loss,
            }
            yield f"{cell} {direction} {head} {loss} {size}", network, LENGTHS[7], False
        long = {"head": "last", "size": 2, "loss": "categorical-cross-entropy"}
        yield f"{cell} long", {"input": vectors, "layers": layers(cell, (4, "forward")), **long}, LENGTHS[50], True
        answer = {"head": "mean", "size": 3, "loss": "categorical-cross-entropy"}
        embedding = {"kind": "ids", "vocabulary": 7, "embedding": 3}
        for direction in ["forward", "both"]:
            network = {"input": embedding, "layers": layers(cell, (4, direction)), **answer}
            yield f"{cell} {direction} embedding", network, LENGTHS[7], False
        network = {"input": embedding, "layers": layers(cell, (3, "both"), (4, "forward")), **answer, "head": "max"}
        yield f"{cell} two layers embedding", network, LENGTHS[7], False
        one_hot = {"kind": "ids", "vocabulary": 5}
        yield f"{cell} one-hot", {"input": one_hot, "layers": layers(cell, (4, "forward")), **answer}, LENGTHS[7], False
        network = {"input": one_hot, "layers": layers(cell, (4, "forward")), **answer, "head": "steps", "size": 5}
        yield f"{cell} one-hot steps", network, LENGTHS[7], True


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


def make_case(name, network, lengths_list, given):
    """Draws one case, runs it, checks it three ways, and gives it as JSON."""
    draw = Draw(name)
    shapes, states, width = network_shapes(network)
    time, batch = max(lengths_list), len(lengths_list)
    lengths = torch.tensor(lengths_list)
    leaves = {key: torch.tensor(draw.uniform(*shape)) for key, shape in shapes.items()}
    state_names = [f"state:{key}" for key in states]
    for key, shape in states.items():
        drawn = torch.tensor(draw.uniform(batch, *shape))
        leaves[f"state:{key}"] = drawn if given else torch.zeros_like(drawn)
    source = network["input"]
    if source["kind"] == "ids":
        ids = torch.tensor(draw.integers(source["vocabulary"], time, batch)).long()
    else:
        leaves["x"] = torch.tensor(draw.uniform(time, batch, source["size"], limit=1))
    linear = network["head"] == "hidden"
    if linear:
        output_gradient = torch.tensor(draw.uniform(time, batch, width))
        final_gradient = {key: torch.tensor(draw.uniform(batch, *shape)) for key, shape in states.items()}
    else:
        targets, weights = draw_targets(draw, network, time, batch)

    def run(values, **options):
        parameters = {key: values[key] for key in shapes}
        initial = {key: values[f"state:{key}"] for key in states}
        x = values["x"] if "x" in values else ids
        return run_network(network, parameters, x, lengths, initial, **options)

    def value_of(values):
        y, final = run(values)
        if not linear:
            return weighted_loss(network, y, lengths, targets, weights)
        return (y * output_gradient).sum() + sum((final[key] * final_gradient[key]).sum() for key in states)

    for leaf in leaves.values():
        leaf.requires_grad_()
    y, final = run(leaves)
    value = value_of(leaves)
    gradients = dict(zip(leaves, torch.autograd.grad(value, list(leaves.values()), allow_unused=True)))
    gradients = {key: torch.zeros_like(leaves[key]) if g is None else g for key, g in gradients.items()}
    with torch.no_grad():
        book_y, book_final = run(leaves, layer=textbook_layer)
    for ours, theirs in [(book_y, y), *((book_final[key], final[key]) for key in states)]:
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-13), f"{name}: the textbook disagrees with PyTorch"
    plain = {key: leaf.detach() for key, leaf in leaves.items()}
    check_directions(name, value_of, plain, gradients, torch.Generator().manual_seed(draw.seed))

    case = {
        "name": name,
        "network": network,
        "lengths": lengths_list,
        "x": encode_tensor(leaves["x"] if "x" in leaves else ids),
        "initialState": encode_tensors({key: leaves[f"state:{key}"] for key in states}),
        "parameters": encode_tensors({key: leaves[key] for key in shapes}),
    }
    if linear:
        case |= {"outputGradient": encode_tensor(output_gradient), "finalStateGradient": encode_tensors(final_gradient)}
    else:
        case |= {"targets": encode_tensor(targets), "weights": encode_tensor(weights)}
    case["expected"] = {
        "output": encode_tensor(y),
        "finalState": encode_tensors(final),
        "loss": 0 if linear else value.item(),
        "parameters": encode_tensors({key: gradients[key] for key in shapes}),
        "inputs": encode_tensors({"x": gradients["x"]} if "x" in leaves else {}),
        "initialState": encode_tensors({key[len("state:") :]: gradients[key] for key in state_names}),
    }
    return case


torch.set_num_threads(1)
write_goldens(
    "recurrent.json",
    {"torch": torch.__version__},
    [make_case(*plan) for plan in plans()],
)
