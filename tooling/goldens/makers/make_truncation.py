"""Makes data/truncation.json: truncated backpropagation through time by PyTorch with detached states, in float64."""

import torch
from golden_format import Draw, encode_tensor, encode_tensors, write_goldens
from networks import check_directions, network_shapes, run_network, weighted_loss

LENGTHS = [11, 4, 0, 7, 1]
LEARNING_RATE = 0.5
# (every, window): chunked, sliding, longer than some sequences, longer than all.
WINDOWS = [(3, 3), (3, 5), (2, 7), (1, 1), (1, 4), (4, 20), (20, 20)]
UPDATED = [(3, 3), (3, 5), (1, 4), (20, 20)]


def subjects():
    """Networks and the task each learns."""
    vectors = {"kind": "vectors", "size": 3}
    answer = {"size": 3, "loss": "categorical-cross-entropy"}
    vanilla = [{"cell": "vanilla", "units": 4, "direction": "forward"}]
    lstm = [{"cell": "lstm", "units": 4, "direction": "forward"}]
    two = [*vanilla, {"cell": "lstm", "units": 3, "direction": "forward"}]
    for name, layers in [("vanilla", vanilla), ("lstm", lstm), ("two layers", two)]:
        for head in ["steps", "last"] if name != "lstm" else ["steps", "last", "mean", "max"]:
            yield f"truncated {name} {head}", {"input": vectors, "layers": layers, "head": head, **answer}


class Sequence:
    """One sequence, its states as they were when each step was new, and its loss over a window."""

    def __init__(self, network, x, target, weights, initial):
        self.network, self.x, self.target, self.weights = network, x, target, weights
        self.length = x.shape[0]
        # What pooling has seen so far is state too: a running sum, or the highest so far.
        self.states = [(initial, 0 if network["head"] == "mean" else -torch.inf)]

    def window(self, every, window, number):
        """(start, first new step, end) of this sequence's window, steps counted from 0; None where it has ended."""
        first = number * every
        if first >= self.length:
            return None
        end = min(first + every, self.length)
        return max(0, end - window), first, end

    def loss(self, parameters, start, first, end, keep=False):
        """Loss of the steps from `first` to `end`, from the state kept at `start`; None where there is none."""
        (state, pool), hidden = self.states[start], []
        head, top = self.network["head"], {**self.network, "head": "hidden"}
        for t in range(start, end):
            h, state = run_network(top, parameters, self.x[t : t + 1], torch.tensor([1]), state)
            hidden.append(h)
            pool = pool + h if head == "mean" else h.clamp(min=pool)
            if keep and t + 1 == len(self.states):
                self.states.append(({name: value.detach() for name, value in state.items()}, pool.detach()))
        if head != "steps" and end < self.length:
            return None
        h = {"steps": torch.cat(hidden[first - start :]), "last": h, "mean": pool / self.length, "max": pool}[head]
        y = h @ parameters["output.Why"].T + parameters["output.by"]
        if head != "steps":
            return weighted_loss(self.network, y[0], torch.tensor([1]), self.target, self.weights)
        steps = slice(first, end)
        return weighted_loss(self.network, y, torch.tensor([end - first]), self.target[steps], self.weights[steps])


def run_windows(name, sequences, parameters, every, window, learning_rate):
    """All windows in turn. Gives their ranges and losses, the sum of gradients, and the parameters at the end."""
    total = {key: torch.zeros_like(value) for key, value in parameters.items()}
    windows, number = [], 0
    for sequence in sequences:
        sequence.states = sequence.states[:1]
    while any(sequence.window(every, window, number) for sequence in sequences):
        ranges = [sequence.window(every, window, number) for sequence in sequences]
        present = [(sequence, where) for sequence, where in zip(sequences, ranges) if where]

        def value_of(values, keep=False, present=present):
            losses = [sequence.loss(values, *where, keep=keep) for sequence, where in present]
            losses = [loss for loss in losses if loss is not None]
            return sum(losses) if losses else None

        leaves = {key: value.detach().requires_grad_() for key, value in parameters.items()}
        loss = value_of(leaves, keep=True)
        windows.append(
            {
                "starts": [where[0] if where else -1 for where in ranges],
                "ends": [where[2] if where else -1 for where in ranges],
                "loss": None if loss is None else loss.item(),
            }
        )
        if loss is not None:
            found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
            gradient = {k: torch.zeros_like(leaves[k]) if g is None else g for k, g in zip(leaves, found)}
            check_directions(
                f"{name} every {every} window {window} number {number}",
                value_of,
                {key: leaf.detach() for key, leaf in leaves.items()},
                gradient,
                torch.Generator().manual_seed(number),
                directions=1,
            )
            total = {key: total[key] + gradient[key] for key in total}
            parameters = {key: parameters[key].detach() - learning_rate * gradient[key] for key in parameters}
        number += 1
    return windows, total, parameters


def make_case(name, network):
    """One network and batch, and every way of cutting its sequences."""
    draw = Draw(name)
    shapes, states, _ = network_shapes(network)
    time, batch = max(LENGTHS), len(LENGTHS)
    lengths = torch.tensor(LENGTHS)
    parameters = {key: torch.tensor(draw.uniform(*shape)) for key, shape in shapes.items()}
    initial = {key: torch.tensor(draw.uniform(batch, *shape)) for key, shape in states.items()}
    x = torch.tensor(draw.uniform(time, batch, 3, limit=1))
    place = (time, batch) if network["head"] == "steps" else (batch,)
    targets = torch.tensor(draw.integers(3, *place)).long()
    terms = sum(LENGTHS) if network["head"] == "steps" else sum(length > 0 for length in LENGTHS)
    weights = torch.full(place, 1 / terms, dtype=torch.float64)

    sequences = []
    for row, length in enumerate(LENGTHS):
        own = (slice(0, length), slice(row, row + 1)) if network["head"] == "steps" else (slice(row, row + 1),)
        start = {key: value[row : row + 1] for key, value in initial.items()}
        sequences.append(Sequence(network, x[:length, row : row + 1], targets[own], weights[own], start))

    leaves = {key: value.clone().requires_grad_() for key, value in parameters.items()}
    whole = weighted_loss(network, run_network(network, leaves, x, lengths, initial)[0], lengths, targets, weights)
    full = dict(zip(leaves, torch.autograd.grad(whole, list(leaves.values()))))

    runs = []
    for every, window in WINDOWS:
        windows, gradient, _ = run_windows(name, sequences, parameters, every, window, 0)
        assert abs(sum(w["loss"] or 0 for w in windows) - whole.item()) < 1e-12, f"{name}: the losses don't add up"
        same = all(torch.allclose(gradient[key], full[key], rtol=1e-10, atol=1e-13) for key in full)
        assert same == (window >= time), f"{name}: every {every} window {window} against the whole gradient: {same}"
        runs.append(
            {
                "every": every,
                "window": window,
                "update": "sequence",
                "windows": windows,
                "gradient": encode_tensors(gradient),
            }
        )
    for every, window in UPDATED:
        windows, _, final = run_windows(name, sequences, parameters, every, window, LEARNING_RATE)
        runs.append(
            {
                "every": every,
                "window": window,
                "update": "window",
                "learningRate": LEARNING_RATE,
                "windows": windows,
                "finalParameters": encode_tensors(final),
            }
        )
    return {
        "name": name,
        "network": network,
        "lengths": LENGTHS,
        "x": encode_tensor(x),
        "initialState": encode_tensors(initial),
        "parameters": encode_tensors(parameters),
        "targets": encode_tensor(targets),
        "weights": encode_tensor(weights),
        "loss": whole.item(),
        "gradient": encode_tensors(full),
        "runs": runs,
    }


torch.set_num_threads(1)
write_goldens("truncation.json", {"torch": torch.__version__}, [make_case(*subject) for subject in subjects()])
