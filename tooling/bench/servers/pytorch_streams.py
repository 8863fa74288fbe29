"""PyTorch: a model of the next character, trained on windows of endless streams as a recording of our pipeline gives them."""

import json
import math
import time

import numpy
import torch

WINDOW = 50
RATE = 0.004
FINAL = 0.05  # of the rate, at the end of half a cosine
CLIP = 5
GATES = "ifgo"  # the order of torch.nn.LSTM


def read(path):
    """The tensors of a safetensors file, float64 as float32."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    kinds = {"F32": numpy.float32, "F64": numpy.float64, "I32": numpy.int32}
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.tensor(values.astype(numpy.int64 if entry["dtype"] == "I32" else numpy.float32))
    return tensors


class Writer(torch.nn.Module):
    """An embedding, an LSTM with one bias for each gate, logits of the next character; begins with the recording's weights."""

    def __init__(self, recording):
        super().__init__()
        of = lambda name: recording[name]
        table, head = of("input.E"), of("output.Why")
        units = head.shape[1]
        self.table = torch.nn.Embedding(*table.shape)
        self.lstm = torch.nn.LSTM(table.shape[1], units)
        self.head = torch.nn.Linear(units, head.shape[0])
        with torch.no_grad():
            self.table.weight.copy_(table)
            self.lstm.weight_ih_l0.copy_(torch.cat([of(f"layers.0.Wx{gate}") for gate in GATES]))
            self.lstm.weight_hh_l0.copy_(torch.cat([of(f"layers.0.Wh{gate}") for gate in GATES]))
            self.lstm.bias_ih_l0.copy_(torch.cat([of(f"layers.0.b{gate}") for gate in GATES]))
            self.lstm.bias_hh_l0.zero_().requires_grad_(False)
            self.head.weight.copy_(head)
            self.head.bias.copy_(of("output.by"))

    def forward(self, x, state):
        h, state = self.lstm(self.table(x), state)
        return self.head(h), state


def streams(recording, part):
    """Characters and those that follow them `[steps, streams]`; past the end of a stream -100, which no loss counts."""
    x, y, lengths = (recording[f"{part}.{name}"] for name in ("x", "y", "lengths"))
    y[torch.arange(len(y))[:, None] >= lengths[None]] = -100
    return x, y


def trained(recording, epochs=1):
    """One pass over the text on each call, the state carried from window to window; the rate falls over `epochs` of them."""
    model = Writer(recording)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=RATE)
    loss_of = torch.nn.CrossEntropyLoss()
    x, y = streams(recording, "training")
    updates = epochs * math.ceil(len(x) / WINDOW)
    falling = lambda update: FINAL + (1 - FINAL) * (1 + math.cos(math.pi * min(1, update / updates))) / 2
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, falling)

    def epoch():
        state = None
        for begin in range(0, len(x), WINDOW):
            optimizer.zero_grad()
            logits, state = model(x[begin : begin + WINDOW], state)
            state = tuple(each.detach() for each in state)
            loss = loss_of(logits.flatten(0, 1), y[begin : begin + WINDOW].flatten())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, CLIP)
            optimizer.step()
            schedule.step()
            loss.item()

    return model, epoch


def bits(model, recording):
    """Per character of the part that was kept apart."""
    x, y = streams(recording, "validation")
    with torch.inference_mode():
        logits, _ = model(x, None)
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()).item() / math.log(2)


def stream_epoch(given):
    return trained(read(given["recording"]))[1]


def stream_quality(given):
    recording = read(given["recording"])
    model, epoch = trained(recording, given["epochs"])
    began = time.perf_counter()
    for _ in range(given["epochs"]):
        epoch()
    seconds = time.perf_counter() - began
    return (lambda: None), {"bits": bits(model, recording), "seconds": seconds}
