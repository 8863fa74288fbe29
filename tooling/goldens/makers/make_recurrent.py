"""Makes data/recurrent.json: forward and gradients of recurrent networks by PyTorch in float64, random distinct weights."""

import torch
from golden_format import write_goldens
from recurrent_case import draw_case, run_torch, to_json

LENGTHS = {
    1: [1],
    2: [2, 1, 0],
    7: [4, 0, 7, 1, 6],
    50: [23, 50, 1],
}


def layers(cell, *kinds):
    """Descriptions of layers from pairs of units and direction."""
    return [{"cell": cell, "units": units, "direction": direction} for units, direction in kinds]


# What cells have beside their defaults, as far as it computes without chance.
CHANGES = {
    "layer norm": {"layerNorm": True},
    "zoneout": {"zoneout": 0.25},
    "learned beginning": {"initial": "learned"},
    "all of them": {"layerNorm": True, "zoneout": 0.125, "initial": "learned"},
}


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
            ("last", "squared-error", 1, "backward"),
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
        for change, options in CHANGES.items():
            more = {"cellZoneout": 0.375} if cell == "lstm" and "zoneout" in options else {}
            stacked = [{**layer, "options": {**options, **more}} for layer in layers(cell, (7, "both"), (6, "forward"))]
            yield f"{cell} with {change}", {**hidden, "layers": stacked}, LENGTHS[7], change != "learned beginning"
        network = {"input": embedding, "layers": stacked, **answer}
        yield f"{cell} with all of them, embedding", network, LENGTHS[7], False


torch.set_num_threads(1)
cases = [draw_case(*plan) for plan in plans()]
write_goldens("recurrent.json", {"torch": torch.__version__}, [to_json(case, run_torch(case)) for case in cases])
