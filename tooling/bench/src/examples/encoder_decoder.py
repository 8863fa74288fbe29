"""PyTorch: an encoder–decoder whose decoder is one LSTM layer, with attention or without."""

import math

import torch
from layers import Layers, ends, linear, lstm, read_weights, sequences, table
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence, pad_sequence
from training import run

# What no loss counts, as PyTorch has it.
PADDING = -100


class EncoderDecoder(torch.nn.Module):
    def __init__(self, given):
        super().__init__()
        weights = read_weights(given["weights"])
        self.encoder = Layers(given["encoder"], weights, "source.")
        self.table = table(weights, "input.E")
        self.decoder = lstm(weights, "layers.0", False)
        self.begin = given["begin"]
        if self.begin != "zero":
            self.begins = torch.nn.ModuleList(
                linear(weights, f"layers.0.begin.Wb{state}", f"layers.0.begin.bb{state}") for state in "hc"
            )
        self.attention = attentions[given["attention"]](weights) if "attention" in given else None
        self.input_dropout, self.dropout = (torch.nn.Dropout(given[name]) for name in ("inputDropout", "dropout"))
        self.head = linear(weights, "output.Why", "output.by")
        self.boundary = torch.tensor([given["boundary"]])

    def answers(self, part, positions):
        """Of all steps, padding included."""
        targets = [part["y"][at] for at in positions]
        inputs = pad_sequence([torch.cat([self.boundary, one]) for one in targets], batch_first=True)
        truth = [torch.cat([one, self.boundary]) for one in targets]
        logits, _ = self.write(inputs, *self.read([part["x"][at] for at in positions]))
        return logits.flatten(0, 1), pad_sequence(truth, batch_first=True, padding_value=PADDING).flatten()

    def read(self, sources):
        """Memory `[batch, steps, size]`, where it is padding, and the decoder's first state."""
        x, last = self.encoder(pack_sequence(sources, enforce_sorted=False))
        memory, lengths = pad_packed_sequence(x, batch_first=True)
        padding = torch.arange(memory.shape[1]) >= lengths.unsqueeze(1)
        if self.begin == "zero":
            return memory, padding, None
        seen = memory.sum(dim=1) / lengths.unsqueeze(1) if self.begin == "mean" else ends(x, last)
        return memory, padding, tuple(torch.tanh(begin(seen)).unsqueeze(0) for begin in self.begins)

    def write(self, inputs, memory, padding, state):
        """Logits `[batch, steps, tokens]` after each of `inputs` `[batch, steps]`."""
        h, state = self.decoder(self.input_dropout(self.table(inputs)).transpose(0, 1), state)
        h = h.transpose(0, 1)
        if self.attention:
            h = self.attention(h, memory, padding)
        return self.head(self.dropout(h)), state


class Attention(torch.nn.Module):
    """What the output layer sees: what was read, weighted by `scores` of each step, joined with the decoder's own state."""

    def __init__(self, weights):
        super().__init__()
        self.join = linear(weights, "attention.Wc", "attention.bc")

    def forward(self, h, memory, padding):
        weights = self.scores(h, memory).masked_fill(padding.unsqueeze(1), -math.inf).softmax(dim=2)
        return torch.tanh(self.join(torch.cat([weights @ memory, h], dim=2)))


class Additive(Attention):
    def __init__(self, weights):
        super().__init__(weights)
        self.query, self.key = linear(weights, "attention.Wq"), linear(weights, "attention.Wk")
        self.v = torch.nn.Parameter(weights["attention.v"].clone())

    def scores(self, h, memory):
        return torch.tanh(self.query(h).unsqueeze(2) + self.key(memory).unsqueeze(1)) @ self.v


class Multiplicative(Attention):
    def __init__(self, weights):
        super().__init__(weights)
        self.query = linear(weights, "attention.Wa")

    def scores(self, h, memory):
        return self.query(h) @ memory.transpose(1, 2)


attentions = {"additive": Additive, "multiplicative": Multiplicative}


def read(part):
    x, y = sequences(part["x"]), sequences(part["y"])
    return {"lengths": [max(len(source), len(target) + 1) for source, target in zip(x, y)], "x": x, "y": y}


def main(given):
    model, found = run(given, EncoderDecoder, read)
    return {**found, "written": write_all(model, sequences(given["test"]["x"]), given["longest"])}


def write_all(model, sources, longest):
    """The likeliest token each time, never padding (0) or what is unknown (1), up to the end or the limit."""
    model.eval()
    boundary = model.boundary.item()
    written = []
    with torch.inference_mode():
        for start in range(0, len(sources), 256):
            memory, padding, state = model.read(sources[start : start + 256])
            rows = [[] for _ in range(len(memory))]
            done = [False] * len(rows)
            token = torch.full((len(rows), 1), boundary)
            for _ in range(longest):
                logits, state = model.write(token, memory, padding, state)
                logits[:, :, :2] = -math.inf
                token = logits.argmax(dim=2)
                for row, one in enumerate(token[:, 0].tolist()):
                    done[row] = done[row] or one == boundary
                    if not done[row]:
                        rows[row].append(one)
                if all(done):
                    break
            written += rows
    return written
