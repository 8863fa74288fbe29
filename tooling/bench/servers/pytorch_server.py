"""PyTorch: a training step, one step of its LSTMCell, an epoch of the review classifier and of a model of the next character."""

import json
import os

import torch
from pytorch_streams import stream_epoch, stream_quality
from serve import serve

CLASSES = 2
cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
torch.set_num_threads(cores)
torch.manual_seed(1)


class Classifier(torch.nn.Module):
    """An LSTM whose last true step is pooled; over vectors, or over words in a table."""

    def __init__(self, inputs, units, vocabulary=None):
        super().__init__()
        self.table = torch.nn.Embedding(vocabulary, inputs) if vocabulary else None
        self.lstm = torch.nn.LSTM(inputs, units)
        self.head = torch.nn.Linear(units, CLASSES)

    def forward(self, x, last):
        h, _ = self.lstm(x if self.table is None else self.table(x))
        return self.head(h[last, torch.arange(h.shape[1])])


def trainer(model):
    optimizer = torch.optim.Adam(model.parameters())
    loss_of = torch.nn.CrossEntropyLoss()

    def step(x, last, y):
        optimizer.zero_grad()
        loss = loss_of(model(x, last), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def training(given):
    shape = given["shape"]
    size, steps, inputs, units = (shape[name] for name in ("batch", "steps", "inputs", "units"))
    step = trainer(Classifier(inputs, units))
    x = torch.rand(steps, size, inputs) * 2 - 1
    last = torch.full((size,), steps - 1)
    y = torch.arange(size) % CLASSES
    return lambda: step(x, last, y)


def cell_step(given):
    cell = torch.nn.LSTMCell(given["inputs"], given["units"])
    x = torch.rand(1, given["inputs"]) * 2 - 1
    state = [(torch.zeros(1, given["units"]), torch.zeros(1, given["units"]))]

    def run():
        with torch.inference_mode():
            state[0] = cell(x, state[0])

    return run


def epoch(given):
    """The batches of the file, in its order, on a network that goes on from call to call."""
    with open(given["batches"], encoding="utf8") as file:
        data = json.load(file)
    step = trainer(Classifier(given["size"], given["units"], data["vocabulary"]))
    batches = [
        (
            torch.tensor(batch["ids"]).reshape(batch["time"], -1),
            torch.tensor(batch["lengths"]) - 1,
            torch.tensor(batch["targets"]),
        )
        for batch in data["batches"]
    ]

    def run():
        for batch in batches:
            step(*batch)

    return run


works = {
    "training": training,
    "step": cell_step,
    "epoch": epoch,
    "stream epoch": stream_epoch,
    "stream quality": stream_quality,
}
serve(f"PyTorch {torch.__version__}, {cores} threads", works)
