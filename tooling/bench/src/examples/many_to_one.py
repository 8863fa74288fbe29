"""PyTorch: LSTM layers with one label for a sequence, trained as the pipeline trains its own."""

import math
import os
import time

# Threads that sleep while they wait: spinning ones lose most of their speed where other programs run.
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

# Batches among which lengths are sorted, as in the pipeline.
CHUNK = 64


class Classifier(torch.nn.Module):
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
        self.rates = []
        for layer in given["layers"]:
            lstm = torch.nn.LSTM(size, layer["units"], bidirectional=layer["both"])
            initialise(lstm)
            self.layers.append(lstm)
            self.rates.append(layer["dropout"])
            size = layer["units"] * (2 if layer["both"] else 1)
        self.units = given["layers"][-1]["units"]
        self.pool, self.dropout = given["pool"], given["dropout"]
        self.head = torch.nn.Linear(size, given["classes"])
        torch.nn.init.xavier_uniform_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)

    def forward(self, sequences):
        x = pack_sequence(sequences, enforce_sorted=False)
        if self.table is not None:
            x = x._replace(data=self.table(x.data))
        for lstm, rate in zip(self.layers, self.rates):
            x = x._replace(data=torch.nn.functional.dropout(x.data, rate, self.training))
            x, (last, _) = lstm(x)
        pooled = self.pooled(x, last)
        return self.head(torch.nn.functional.dropout(pooled, self.dropout, self.training))

    def pooled(self, x, last):
        if self.pool == "last":
            return torch.cat(list(last), dim=1)
        if self.pool == "max":
            h, _ = pad_packed_sequence(x, padding_value=-math.inf)
            return h.amax(dim=0)
        h, lengths = pad_packed_sequence(x)
        return h.sum(dim=0) / lengths.unsqueeze(1)


def initialise(lstm):
    """Each gate's matrix by itself, forget biases 1, and one bias for a gate: the second stays 0."""
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            torch.nn.init.zeros_(parameter)
            if name.startswith("bias_hh"):
                parameter.requires_grad = False
            else:
                parameter.data[lstm.hidden_size : 2 * lstm.hidden_size] = 1
            continue
        draw = torch.nn.init.xavier_uniform_ if name.startswith("weight_ih") else torch.nn.init.orthogonal_
        for gate in parameter.data.chunk(4):
            draw(gate)


def batches_of(lengths, size):
    """Positions of each batch of an epoch: shuffled, of like lengths inside."""
    order = torch.randperm(len(lengths)).tolist()
    batches = []
    for start in range(0, len(order), CHUNK * size):
        near = sorted(order[start : start + CHUNK * size], key=lambda position: lengths[position])
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    return [batches[at] for at in torch.randperm(len(batches)).tolist()]


def main(given):
    torch.set_num_threads(given["threads"])
    torch.manual_seed(given["seed"])
    kind = torch.long if given.get("embedding") else torch.float32
    x, y = ([torch.tensor(one, dtype=kind) for one in given["train"]["x"]], torch.tensor(given["train"]["y"]))
    model = Classifier(given)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=given["learningRate"])
    lengths = [len(one) for one in x]
    updates = given["epochs"] * len(batches_of(lengths, given["batchSize"]))
    final = given["finalRate"]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda update: final + (1 - final) * (1 + math.cos(math.pi * min(1, update / updates))) / 2
    )
    seconds, processor = [], []
    for _ in range(given["epochs"]):
        began, used = time.perf_counter(), time.process_time()
        right = 0
        for batch in batches_of(lengths, given["batchSize"]):
            optimizer.zero_grad()
            logits = model([x[at] for at in batch])
            loss = torch.nn.functional.cross_entropy(logits, y[batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, given["clip"])
            optimizer.step()
            schedule.step()
            loss.item()
            right += (logits.argmax(dim=1) == y[batch]).sum().item()
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {"quality": accuracy(model, given["test"], kind), "seconds": seconds, "processor": processor[1:]}


def accuracy(model, test, kind):
    model.eval()
    right = 0
    with torch.inference_mode():
        for start in range(0, len(test["y"]), 256):
            sequences = [torch.tensor(one, dtype=kind) for one in test["x"][start : start + 256]]
            answers = model(sequences).argmax(dim=1).tolist()
            right += sum(a == b for a, b in zip(answers, test["y"][start : start + 256]))
    return right / len(test["y"])
