"""PyTorch: layers with a label for each step."""

import torch
from layers import Layers, linear, read_weights, sequences
from torch.nn.utils.rnn import pack_sequence
from training import run


class Labeller(torch.nn.Module):
    def __init__(self, given):
        super().__init__()
        weights = read_weights(given["weights"])
        self.layers = Layers(given["layers"], weights)
        self.dropout = torch.nn.Dropout(given["dropout"])
        self.head = linear(weights, "output.Why", "output.by")

    def answers(self, part, positions):
        """Of all true steps, in the order of the packed sequences."""
        x, y = (pack_sequence([part[side][at] for at in positions], enforce_sorted=False) for side in ("x", "y"))
        h, _ = self.layers(x)
        return self.head(self.dropout(h.data)), y.data


def read(part):
    return {"lengths": part["x"]["lengths"], "x": sequences(part["x"]), "y": sequences(part["y"])}


def main(given):
    return run(given, Labeller, read)[1]
