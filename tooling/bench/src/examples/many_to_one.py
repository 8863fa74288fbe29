"""PyTorch: layers with one label for a sequence."""

import math

import torch
from layers import Layers, ends, linear, read_weights, sequences
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence
from training import run


class Classifier(torch.nn.Module):
    def __init__(self, given):
        super().__init__()
        weights = read_weights(given["weights"])
        self.layers = Layers(given["layers"], weights)
        self.pool = given["pool"]
        self.dropout = torch.nn.Dropout(given["dropout"])
        self.head = linear(weights, "output.Why", "output.by")

    def answers(self, part, positions):
        x, last = self.layers(pack_sequence([part["x"][at] for at in positions], enforce_sorted=False))
        return self.head(self.dropout(self.pooled(x, last))), part["y"][positions]

    def pooled(self, x, last):
        if self.pool == "last":
            return ends(x, last)
        if self.pool == "max":
            h, _ = pad_packed_sequence(x, padding_value=-math.inf)
            return h.amax(dim=0)
        h, lengths = pad_packed_sequence(x)
        return h.sum(dim=0) / lengths.unsqueeze(1)


def read(part):
    return {"lengths": part["x"]["lengths"], "x": sequences(part["x"]), "y": torch.cat(sequences(part["y"]))}


def main(given):
    return run(given, Classifier, read)[1]
