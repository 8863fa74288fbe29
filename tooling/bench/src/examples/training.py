"""PyTorch: trains a model as the pipeline trains its own, and measures it."""

import copy
import math
import time

import torch

# Batches among which lengths are sorted, as in the pipeline.
CHUNK = 64


def run(given, make, read):
    """Trains the model that `make` gives on what `read` makes of a part. Returns it, its measures on the test part, and times."""
    training = given["training"]
    torch.set_num_threads(training["threads"])
    torch.manual_seed(training["seed"])
    model = make(given)
    validation = read(given["validation"]) if "validation" in given else None
    seconds, processor = train(model, training, read(given["train"]), validation)
    measures = measure(model, read(given["test"]), training["batchSize"])
    return model, {**measures, "seconds": seconds, "processor": processor[1:]}


def train(model, training, part, validation):
    """Seconds of each epoch on the clock, and of processors. Of a model with `answers` of a part: logits and class numbers."""
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=training["rate"], betas=training["betas"], eps=training["epsilon"])
    updates = max(1, training["epochs"] * math.ceil(len(part["lengths"]) / training["batchSize"]))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda update: share_of(training["schedule"], min(1, update / updates))
    )
    best = Best(training.get("earlyStopping"))
    seconds, processor = [], []
    for _ in range(training["epochs"]):
        began, used = time.perf_counter(), time.process_time()
        model.train()
        right = 0
        for batch in batches_of(part["lengths"], training["batchSize"]):
            optimizer.zero_grad()
            logits, truth = model.answers(part, batch)
            loss = torch.nn.functional.cross_entropy(logits, truth)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, training["clip"])
            optimizer.step()
            schedule.step()
            loss.item()
            right += (logits.argmax(dim=1) == truth).sum().item()
        if validation:
            best.look(model, measure(model, validation, training["batchSize"]))
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
        if best.is_over():
            break
    best.bring_back(model)
    return seconds, processor


def share_of(schedule, done):
    """Of the first learning rate, when the share `done` of the run is over."""
    final = schedule["final"]
    if schedule["kind"] == "cosine":
        return final + (1 - final) * (1 + math.cos(math.pi * done)) / 2
    return 1 + (final - 1) * done


class Best:
    """The best epoch on the validation part, by the pipeline's rule."""

    def __init__(self, settings):
        self.settings = settings
        self.best, self.weights, self.waited = None, None, 0

    def look(self, model, measures):
        if not self.settings:
            return
        sign = -1 if self.settings["monitor"] == "loss" else 1
        value = sign * measures[self.settings["monitor"]]
        if self.best is None or value - self.best > self.settings["minimumDelta"]:
            self.best, self.weights, self.waited = value, copy.deepcopy(model.state_dict()), 0
        else:
            self.waited += 1

    def is_over(self):
        return bool(self.settings) and self.waited >= self.settings["patience"]

    def bring_back(self, model):
        if self.weights:
            model.load_state_dict(self.weights)


def batches_of(lengths, size):
    """Positions of each batch of an epoch: shuffled, of like lengths inside."""
    order = torch.randperm(len(lengths)).tolist()
    batches = []
    for start in range(0, len(order), CHUNK * size):
        near = sorted(order[start : start + CHUNK * size], key=lambda position: lengths[position])
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    return [batches[at] for at in torch.randperm(len(batches)).tolist()]


def measure(model, part, size):
    """Mean loss of all targets, and the share that is right; sequences of like lengths together."""
    model.eval()
    order = sorted(range(len(part["lengths"])), key=lambda position: part["lengths"][position])
    loss, right, count = 0.0, 0, 0
    with torch.inference_mode():
        for start in range(0, len(order), size):
            logits, truth = model.answers(part, order[start : start + size])
            loss += torch.nn.functional.cross_entropy(logits, truth, reduction="sum").item()
            right += (logits.argmax(dim=1) == truth).sum().item()
            count += (truth >= 0).sum().item()
    return {"loss": loss / count, "accuracy": right / count}
