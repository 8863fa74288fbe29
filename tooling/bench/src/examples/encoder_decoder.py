"""PyTorch: an encoder–decoder of LSTM layers, with attention or without, trained as the pipeline trains its own."""

import math
import os
import time

# Threads that sleep while they wait: spinning ones lose most of their speed where other programs run.
os.environ["OMP_WAIT_POLICY"] = "passive"

import torch
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence, pad_sequence

# Batches among which lengths are sorted, as in the pipeline.
CHUNK = 64


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


def linear(inputs, outputs, bias):
    layer = torch.nn.Linear(inputs, outputs, bias=bias)
    torch.nn.init.xavier_uniform_(layer.weight)
    if bias:
        torch.nn.init.zeros_(layer.bias)
    return layer


def table(given):
    embedding = torch.nn.Embedding(given["vocabulary"], given["size"])
    torch.nn.init.uniform_(embedding.weight, -given["range"], given["range"])
    return embedding


class EncoderDecoder(torch.nn.Module):
    def __init__(self, given):
        super().__init__()
        encoder, decoder, self.attention = given["encoder"], given["decoder"], given.get("attention")
        self.source, self.target = table(given["source"]), table(given["input"])
        self.encoder = torch.nn.LSTM(given["source"]["size"], encoder["units"], bidirectional=encoder["both"])
        self.decoder = torch.nn.LSTM(given["input"]["size"], decoder["units"])
        initialise(self.encoder)
        initialise(self.decoder)
        memory, hidden = encoder["units"] * (2 if encoder["both"] else 1), decoder["units"]
        self.begin_h, self.begin_c = linear(memory, hidden, True), linear(memory, hidden, True)
        size = hidden
        if self.attention:
            size = self.attention["units"]
            if self.attention["use"] == "additive":
                self.key, self.query = linear(memory, size, False), linear(hidden, size, False)
                self.v = torch.nn.Parameter(torch.empty(size).uniform_(-0.1, 0.1))
            else:
                self.query = linear(hidden, memory, False)
            self.join = linear(memory + hidden, size, True)
        self.head = linear(size, given["input"]["vocabulary"], True)

    def read(self, sources):
        """Memory `[batch, steps, size]`, where it is padding, and the decoder's first state."""
        x = pack_sequence(sources, enforce_sorted=False)
        x, (last, _) = self.encoder(x._replace(data=self.source(x.data)))
        memory, lengths = pad_packed_sequence(x, batch_first=True)
        padding = torch.arange(memory.shape[1]) >= lengths.unsqueeze(1)
        last = torch.cat(list(last), dim=1)
        state = torch.tanh(self.begin_h(last)).unsqueeze(0), torch.tanh(self.begin_c(last)).unsqueeze(0)
        return memory, padding, state

    def write(self, inputs, memory, padding, state):
        """Logits `[batch, steps, tokens]` after each of `inputs` `[batch, steps]`."""
        h, state = self.decoder(self.target(inputs).transpose(0, 1), state)
        h = h.transpose(0, 1)
        if self.attention:
            if self.attention["use"] == "additive":
                scores = torch.tanh(self.query(h).unsqueeze(2) + self.key(memory).unsqueeze(1)) @ self.v
            else:
                scores = self.query(h) @ memory.transpose(1, 2)
            weights = scores.masked_fill(padding.unsqueeze(1), -math.inf).softmax(dim=2)
            h = torch.tanh(self.join(torch.cat([weights @ memory, h], dim=2)))
        return self.head(h), state


def batches_of(lengths, size):
    """Positions of each batch of an epoch: shuffled, of like lengths inside."""
    order = torch.randperm(len(lengths)).tolist()
    batches = []
    for start in range(0, len(order), CHUNK * size):
        near = sorted(order[start : start + CHUNK * size], key=lambda position: lengths[position])
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    return [batches[at] for at in torch.randperm(len(batches)).tolist()]


def loss_of(model, sources, targets, boundary):
    """The mean loss of all tokens of these sequences, their ends included."""
    edge = torch.tensor([boundary])
    inputs = pad_sequence([torch.cat([edge, one]) for one in targets], batch_first=True)
    expected = pad_sequence([torch.cat([one, edge]) for one in targets], batch_first=True, padding_value=-100)
    logits, _ = model.write(inputs, *model.read(sources))
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), expected.flatten())


def main(given):
    torch.set_num_threads(given["threads"])
    torch.manual_seed(given["seed"])
    x, y = ([torch.tensor(one) for one in given["train"][side]] for side in ("x", "y"))
    model = EncoderDecoder(given)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=given["learningRate"])
    lengths = [max(len(source), len(target) + 1) for source, target in zip(x, y)]
    updates = given["epochs"] * math.ceil(len(x) / given["batchSize"])
    final = given["finalRate"]
    rate = lambda update: 1 + (final - 1) * min(1, update / updates)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    seconds, processor = [], []
    for _ in range(given["epochs"]):
        began, used = time.perf_counter(), time.process_time()
        for batch in batches_of(lengths, given["batchSize"]):
            optimizer.zero_grad()
            loss = loss_of(model, [x[at] for at in batch], [y[at] for at in batch], given["boundary"])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, given["clip"])
            optimizer.step()
            schedule.step()
            loss.item()
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    written = write_all(model, [torch.tensor(one) for one in given["test"]], given)
    return {"written": written, "seconds": seconds, "processor": processor[1:]}


def write_all(model, sources, given):
    """The likeliest token each time, never padding (0) or what is unknown (1), up to the end or the limit."""
    boundary = given["boundary"]
    written = []
    with torch.inference_mode():
        for start in range(0, len(sources), 256):
            memory, padding, state = model.read(sources[start : start + 256])
            rows = [[] for _ in range(len(memory))]
            done = [False] * len(rows)
            token = torch.full((len(rows), 1), boundary)
            for _ in range(given["maximumLength"]):
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
