"""PyTorch: the layers of our networks, with weights given by the names that they have there (`layers.0.Wxi`)."""

import base64
import math

import numpy
import torch
from torch.nn.functional import dropout, layer_norm
from torch.nn.utils.rnn import pad_packed_sequence

# The order of torch.nn.LSTM.
GATES = "ifgo"


def decoded(text, kind):
    return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype=kind).copy())


def read_weights(given):
    return {name: decoded(one["values"], "<f4").reshape(one["shape"]) for name, one in given.items()}


def sequences(packed):
    """Numbers `[steps]` of each, or vectors `[steps, width]`."""
    width = packed["width"]
    values = decoded(packed["values"], "<f4").reshape(-1, width) if width else decoded(packed["values"], "<i4").long()
    return values.split(packed["lengths"])


def linear(weights, matrix, bias=None):
    rows, columns = weights[matrix].shape
    layer = torch.nn.Linear(columns, rows, bias=bias is not None)
    layer.weight.data.copy_(weights[matrix])
    if bias:
        layer.bias.data.copy_(weights[bias])
    return layer


def table(weights, name):
    return torch.nn.Embedding.from_pretrained(weights[name].clone(), freeze=False)


def lstm(weights, name, both):
    """One bias for a gate, as ours: PyTorch's second stays 0."""
    ways = {f"{name}.forward": "", f"{name}.backward": "_reverse"} if both else {name: ""}
    units, inputs = weights[f"{next(iter(ways))}.Wxi"].shape
    layer = torch.nn.LSTM(inputs, units, bidirectional=both)
    for way, end in ways.items():
        for own, letters in {"weight_ih": "Wx", "weight_hh": "Wh", "bias_ih": "b"}.items():
            gates = [weights[f"{way}.{letters}{gate}"] for gate in GATES]
            getattr(layer, f"{own}_l0{end}").data.copy_(torch.cat(gates))
        getattr(layer, f"bias_hh_l0{end}").data.zero_()
        getattr(layer, f"bias_hh_l0{end}").requires_grad_(False)
    return layer


class Dense(torch.nn.Module):
    """Sees each step alone."""

    def __init__(self, weights, name, normalised):
        super().__init__()
        self.linear = linear(weights, f"{name}.Wxh", f"{name}.bh")
        self.normalised = normalised

    def forward(self, x):
        if not self.normalised:
            return x._replace(data=torch.relu(self.linear(x.data))), (None, None)
        return x._replace(data=normalised(self.linear, x.data)), (None, None)


class Patches(torch.nn.Module):
    """Sees each patch of a picture in colours by the same weights, then all of them, and hands on their mean too."""

    def __init__(self, weights, name):
        super().__init__()
        self.each = linear(weights, f"{name}.Wxf", f"{name}.bf")
        self.all = linear(weights, f"{name}.Wfg", f"{name}.bg")

    def forward(self, x):
        across = 3 * math.isqrt(self.each.in_features // 3)
        along = 3 * math.isqrt(x.data.shape[1] // 3) // across
        picture = x.data.view(-1, along, across // 3, along, across)
        seen = normalised(self.each, picture.transpose(2, 3).reshape(len(picture), along * along, -1))
        together = normalised(self.all, seen.flatten(1))
        return x._replace(data=torch.cat([together, seen.mean(dim=1)], dim=1)), (None, None)


def normalised(layer, x):
    products = torch.nn.functional.linear(x, layer.weight)
    return torch.relu(layer_norm(products, products.shape[-1:]) + layer.bias)


class Layers(torch.nn.Module):
    """An embedding, where there is one, and layers over packed sequences. `prefix`: of the names of their weights."""

    def __init__(self, given, weights, prefix=""):
        super().__init__()
        name = f"{prefix}input.E"
        self.table = table(weights, name) if name in weights else None
        self.layers = torch.nn.ModuleList()
        for number, layer in enumerate(given):
            own, cell = f"{prefix}layers.{number}", layer["cell"]
            if cell == "lstm":
                self.layers.append(lstm(weights, own, layer["both"]))
            elif cell == "patches":
                self.layers.append(Patches(weights, own))
            else:
                self.layers.append(Dense(weights, own, cell == "normalised dense"))
        self.rates = [layer["dropout"] for layer in given]

    def forward(self, x):
        """Outputs of the last layer, packed, and of an LSTM what each direction ends with `[directions, batch, units]`."""
        last = None
        if self.table is not None:
            x = x._replace(data=self.table(x.data))
        for layer, rates in zip(self.layers, self.rates):
            x = x._replace(data=dropout(x.data, rates["input"], self.training))
            x, (last, _) = layer(x)
            x = x._replace(data=dropout(x.data, rates["output"], self.training))
        return x, last


def ends(x, last):
    """What packed outputs end with `[batch, units]`. `last`: of an LSTM, each direction's own end."""
    if last is not None:
        return torch.cat(list(last), dim=1)
    h, lengths = pad_packed_sequence(x, batch_first=True)
    return h[torch.arange(len(h)), lengths - 1]
