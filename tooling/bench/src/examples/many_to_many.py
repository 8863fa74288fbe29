"""PyTorch: layers with a label for each step, trained as the pipeline trains its own."""

import base64
import os
import time

# Threads that sleep while they wait: spinning ones lose most of their speed where other programs run.
os.environ["OMP_WAIT_POLICY"] = "passive"

import numpy
import torch
from torch.nn.utils.rnn import pack_sequence

# Batches among which lengths are sorted, as in the pipeline.
CHUNK = 64


class Dense(torch.nn.Module):
    """A layer that sees each step alone."""

    def __init__(self, inputs, units):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, units)
        torch.nn.init.kaiming_uniform_(self.linear.weight, nonlinearity="relu")
        torch.nn.init.zeros_(self.linear.bias)

    def forward(self, x):
        return x._replace(data=torch.relu(self.linear(x.data))), None


class Labeller(torch.nn.Module):
    def __init__(self, given):
        super().__init__()
        embedding = given.get("embedding")
        self.table = None
        size = given.get("width")
        if embedding:
            size = embedding["size"]
            self.table = torch.nn.Embedding(embedding["vocabulary"], size)
            torch.nn.init.uniform_(self.table.weight, -embedding["range"], embedding["range"])
        self.layers = torch.nn.ModuleList()
        for layer in given["layers"]:
            cells = {"lstm": lstm, "dense": lambda inputs, units, both: Dense(inputs, units)}
            self.layers.append(cells[layer["cell"]](size, layer["units"], layer["both"]))
            size = layer["units"] * (2 if layer["both"] else 1)
        self.dropout = torch.nn.Dropout(given["dropout"])
        self.head = torch.nn.Linear(size, given["classes"])
        torch.nn.init.xavier_uniform_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, x):
        """Logits of all true steps, in the order of the packed sequences."""
        if self.table is not None:
            x = x._replace(data=self.table(x.data))
        for layer in self.layers:
            x, _ = layer(x)
        return self.head(self.dropout(x.data))


def lstm(inputs, units, both):
    """Each gate's matrix by itself, forget biases 1, and one bias for a gate: the second stays 0."""
    layer = torch.nn.LSTM(inputs, units, bidirectional=both)
    for name, parameter in layer.named_parameters():
        if name.startswith("bias"):
            torch.nn.init.zeros_(parameter)
            if name.startswith("bias_hh"):
                parameter.requires_grad = False
            else:
                parameter.data[units : 2 * units] = 1
            continue
        draw = torch.nn.init.xavier_uniform_ if name.startswith("weight_ih") else torch.nn.init.orthogonal_
        for gate in parameter.data.chunk(4):
            draw(gate)
    return layer


def batches_of(lengths, size):
    """Positions of each batch of an epoch: shuffled, of like lengths inside."""
    order = torch.randperm(len(lengths)).tolist()
    batches = []
    for start in range(0, len(order), CHUNK * size):
        near = sorted(order[start : start + CHUNK * size], key=lambda position: lengths[position])
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    return [batches[at] for at in torch.randperm(len(batches)).tolist()]


def decoded(text, kind):
    return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype=kind).copy())


def read(encoded, width):
    """Sequences and their class numbers."""
    x = decoded(encoded["x"], "<f4").reshape(-1, width) if width else decoded(encoded["x"], "<i4").long()
    y = decoded(encoded["y"], "<i4").long()
    return x.split(encoded["lengths"]), y.split(encoded["lengths"])


def main(given):
    torch.set_num_threads(given["threads"])
    torch.manual_seed(given["seed"])
    x, y = read(given["train"], given.get("width"))
    model = Labeller(given)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=given["learningRate"])
    lengths = given["train"]["lengths"]
    seconds, processor = [], []
    for _ in range(given["epochs"]):
        began, used = time.perf_counter(), time.process_time()
        right = 0
        for batch in batches_of(lengths, given["batchSize"]):
            optimizer.zero_grad()
            logits = model(pack_sequence([x[at] for at in batch], enforce_sorted=False))
            truth = pack_sequence([y[at] for at in batch], enforce_sorted=False).data
            loss = torch.nn.functional.cross_entropy(logits, truth)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, given["clip"])
            optimizer.step()
            loss.item()
            right += (logits.argmax(dim=1) == truth).sum().item()
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {"quality": accuracy(model, given), "seconds": seconds, "processor": processor[1:]}


def accuracy(model, given):
    model.eval()
    x, y = read(given["test"], given.get("width"))
    right = 0
    with torch.inference_mode():
        for start in range(0, len(y), 64):
            truth = pack_sequence(y[start : start + 64], enforce_sorted=False).data
            logits = model(pack_sequence(x[start : start + 64], enforce_sorted=False))
            right += (logits.argmax(dim=1) == truth).sum().item()
    return right / sum(given["test"]["lengths"])
