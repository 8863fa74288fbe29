"""Networks in PyTorch by our names: its own RNN and LSTM layers run them, a textbook loop checks that the names are right."""

import functools

import torch
import torch.nn.functional as functional
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

STATES = {"vanilla": ["h"], "lstm": ["h", "c"]}
# PyTorch stacks the LSTM's gates in this order.
TORCH_GATES = {"vanilla": ["h"], "lstm": ["i", "f", "g", "o"]}


def cell_shapes(cell, inputs, units, options):
    """Shapes of one direction's parameters by our names."""
    shapes = {}
    for gate in TORCH_GATES[cell]:
        shapes[f"Wx{gate}"] = (units, inputs)
        shapes[f"W{'h' + gate}"] = (units, units)
        shapes[f"b{gate}"] = (units,)
    more = []
    if options.get("layerNorm"):
        more += ["ah"] if cell == "vanilla" else [f"a{k}{gate}" for gate in TORCH_GATES[cell] for k in "xh"] + ["ac", "bc"]
    if options.get("initial") == "learned":
        more += [f"{state}0" for state in STATES[cell]]
    return shapes | {name: (units,) for name in more}


def directions_of(layer):
    """(name prefix, runs backward) of each direction of a layer; a one-way layer has no prefix."""
    if layer["direction"] == "both":
        return [("forward.", False), ("backward.", True)]
    return [("", layer["direction"] == "backward")]


def network_shapes(network):
    """Shapes of every parameter, and of one row of every state."""
    parameters, states = {}, {}
    source = network["input"]
    if source["kind"] == "ids":
        size = source.get("embedding", source["vocabulary"])
        if "embedding" in source:
            parameters["input.E"] = (source["vocabulary"], source["embedding"])
    else:
        size = source["size"]
    for number, layer in enumerate(network["layers"]):
        sides = directions_of(layer)
        for prefix, _ in sides:
            for name, shape in cell_shapes(layer["cell"], size, layer["units"], layer.get("options", {})).items():
                parameters[f"layers.{number}.{prefix}{name}"] = shape
            for state in STATES[layer["cell"]]:
                states[f"layers.{number}.{prefix}{state}"] = (layer["units"],)
        size = layer["units"] * len(sides)
    if network["head"] != "hidden":
        parameters["output.Why"] = (network["size"], size)
        parameters["output.by"] = (network["size"],)
    return parameters, states, size


def torch_weights(cell, named, suffix):
    """PyTorch's four tensors of one direction, made of ours; its second bias is 0."""
    gates = TORCH_GATES[cell]
    bias = torch.cat([named[f"b{gate}"] for gate in gates])
    return {
        f"weight_ih_l0{suffix}": torch.cat([named[f"Wx{gate}"] for gate in gates]),
        f"weight_hh_l0{suffix}": torch.cat([named[f"Wh{gate}"] for gate in gates]),
        f"bias_ih_l0{suffix}": bias,
        f"bias_hh_l0{suffix}": torch.zeros_like(bias),
    }


@functools.cache
def torch_module(cell, inputs, units, both):
    """PyTorch's own layer; its weights are given at each call."""
    kind = torch.nn.LSTM if cell == "lstm" else torch.nn.RNN
    return kind(inputs, units, bidirectional=both).double()


def reverse_rows(x, lengths):
    """Reverses the true steps of each row of `[time, batch, features]`; padding stays where it is."""
    steps = torch.arange(x.shape[0])[:, None]
    order = torch.where(steps < lengths[None, :], lengths[None, :] - 1 - steps, steps)
    return x.gather(0, order[:, :, None].expand_as(x))


def run_layer(layer, number, parameters, x, lengths, initial):
    """One layer over `[time, batch, features]` by torch.nn; empty rows never reach it. Gives outputs and final states."""
    if "options" in layer:
        return run_changed_layer(layer, number, parameters, x, lengths, initial)
    cell, units, both = layer["cell"], layer["units"], layer["direction"] == "both"
    sides = directions_of(layer)
    alive = torch.nonzero(lengths > 0).flatten()
    final = dict(initial)
    outputs = x.new_zeros(x.shape[0], x.shape[1], units * len(sides))
    if len(alive) == 0:
        return outputs, final
    module = torch_module(cell, x.shape[2], units, both)
    weights = {}
    for (prefix, _), suffix in zip(sides, ["", "_reverse"]):
        start = f"layers.{number}.{prefix}"
        named = {name[len(start) :]: value for name, value in parameters.items() if name.startswith(start)}
        weights |= torch_weights(cell, named, suffix)
    rows, row_lengths = x[:, alive], lengths[alive]
    backward_only = layer["direction"] == "backward"
    if backward_only:
        rows = reverse_rows(rows, row_lengths)
    names = [[f"layers.{number}.{prefix}{state}" for prefix, _ in sides] for state in STATES[cell]]
    begin = tuple(torch.stack([initial[name][alive] for name in group]) for group in names)
    packed = pack_padded_sequence(rows, row_lengths, enforce_sorted=False)
    packed_out, end = functional_call(module, weights, (packed, begin if cell == "lstm" else begin[0]))
    out, _ = pad_packed_sequence(packed_out, total_length=x.shape[0])
    if backward_only:
        out = reverse_rows(out, row_lengths)
    for group, values in zip(names, end if cell == "lstm" else (end,)):
        for name, value in zip(group, values):
            final[name] = initial[name].index_copy(0, alive, value)
    return outputs.index_copy(1, alive, out), final


def run_changed_layer(layer, number, parameters, x, lengths, initial):
    """A layer whose cell torch.nn has not, all rows at once: layer normalisation, zoneout's expectation, learned beginnings."""
    cell, units, options = layer["cell"], layer["units"], layer["options"]
    gates, outputs, final = TORCH_GATES[cell], [], {}
    for prefix, backward in directions_of(layer):
        start = f"layers.{number}.{prefix}"
        p = {name[len(start) :]: value for name, value in parameters.items() if name.startswith(start)}
        wx, wh = (torch.cat([p[f"W{k}{gate}"] for gate in gates]) for k in (["x", "h"]))
        bias = torch.cat([p[f"b{gate}"] for gate in gates])
        normed = lambda v, weight, bias=None: functional.layer_norm(v, v.shape[-1:], weight, bias)
        rows = reverse_rows(x, lengths) if backward else x
        state = {name: initial[f"{start}{name}"] for name in STATES[cell]}
        if options.get("initial") == "learned":
            state = {name: p[f"{name}0"].expand_as(value) for name, value in state.items()}
        steps = []
        for t in range(x.shape[0]):
            old = state
            from_x, from_h = rows[t] @ wx.T, old["h"] @ wh.T
            if cell == "vanilla":
                z = from_x + from_h
                fresh = {"h": torch.tanh((normed(z, p["ah"]) if options.get("layerNorm") else z) + bias)}
            else:
                if options.get("layerNorm"):
                    from_x, from_h = (
                        normed(v, torch.cat([p[f"a{k}{gate}"] for gate in gates])) for k, v in (("x", from_x), ("h", from_h))
                    )
                i, f, g, o = (from_x + from_h + bias).chunk(4, -1)
                c = torch.sigmoid(f) * old["c"] + torch.sigmoid(i) * torch.tanh(g)
                shown = normed(c, p["ac"], p["bc"]) if options.get("layerNorm") else c
                fresh = {"h": torch.sigmoid(o) * torch.tanh(shown), "c": c}
            kept = {"h": options.get("zoneout", 0), "c": options.get("cellZoneout", 0)}
            fresh = {name: torch.lerp(value, old[name], kept[name]) for name, value in fresh.items()}
            alive = (t < lengths)[:, None]
            state = {name: torch.where(alive, value, old[name]) for name, value in fresh.items()}
            steps.append(torch.where(alive, state["h"], torch.zeros_like(state["h"])))
        out = torch.stack(steps)
        outputs.append(reverse_rows(out, lengths) if backward else out)
        final |= {f"{start}{name}": value for name, value in state.items()}
    return torch.cat(outputs, 2), final


def textbook_norm(v):
    """Layer normalisation without gain and bias, from its definition."""
    return (v - v.mean()) / torch.sqrt(((v - v.mean()) ** 2).mean() + 1e-5)


def textbook_layer(layer, number, parameters, x, lengths, initial):
    """The same as `run_layer`, written row by row and step by step from the equations."""
    outputs, final = [], {name: value.clone() for name, value in initial.items()}
    options = layer.get("options", {})
    norm = options.get("layerNorm")
    for prefix, backward in directions_of(layer):
        start = f"layers.{number}.{prefix}"
        p = {name[len(start) :]: value for name, value in parameters.items() if name.startswith(start)}
        out = torch.zeros(x.shape[0], x.shape[1], layer["units"], dtype=torch.float64)
        for row, length in enumerate(lengths.tolist()):
            h = initial[f"{start}h"][row]
            c = initial[f"{start}c"][row] if layer["cell"] == "lstm" else None
            if options.get("initial") == "learned":
                h, c = p["h0"], p.get("c0")
            for t in reversed(range(length)) if backward else range(length):
                last_h, last_c = h, c
                if layer["cell"] == "vanilla":
                    z = p["Wxh"] @ x[t, row] + p["Whh"] @ h
                    h = torch.tanh((p["ah"] * textbook_norm(z) if norm else z) + p["bh"])
                else:
                    vectors = {"x": x[t, row], "h": h}
                    products = {f"{k}{gate}": p[f"W{k}{gate}"] @ v for k, v in vectors.items() for gate in "ifgo"}
                    if norm:
                        for k in vectors:
                            whole = textbook_norm(torch.cat([products[f"{k}{gate}"] for gate in "ifgo"]))
                            for place, gate in enumerate("ifgo"):
                                part = whole[place * layer["units"] : (place + 1) * layer["units"]]
                                products[f"{k}{gate}"] = p[f"a{k}{gate}"] * part
                    i, f, o = (torch.sigmoid(products[f"x{k}"] + products[f"h{k}"] + p[f"b{k}"]) for k in "ifo")
                    g = torch.tanh(products["xg"] + products["hg"] + p["bg"])
                    c = f * c + i * g
                    h = o * torch.tanh(p["ac"] * textbook_norm(c) + p["bc"] if norm else c)
                    c = options.get("cellZoneout", 0) * last_c + (1 - options.get("cellZoneout", 0)) * c
                h = options.get("zoneout", 0) * last_h + (1 - options.get("zoneout", 0)) * h
                out[t, row] = h
            final[f"{start}h"][row] = h
            if c is not None:
                final[f"{start}c"][row] = c
        outputs.append(out)
    return torch.cat(outputs, 2), final


def pooled(head, layer, hidden, lengths):
    """`last`, `mean` or `max` over the true steps of the last layer's output; 0 for an empty row."""
    true = (torch.arange(hidden.shape[0])[:, None] < lengths[None, :])[:, :, None]
    if head == "last":
        rows, ends = torch.arange(len(lengths)), (lengths - 1).clamp(min=0)
        sides = hidden.split(layer["units"], 2)
        return torch.cat(
            [side[0] if back else side[ends, rows] for side, (_, back) in zip(sides, directions_of(layer))], 1
        )
    if head == "mean":
        return (hidden * true).sum(0) / lengths.clamp(min=1)[:, None]
    highest = hidden.masked_fill(~true, -torch.inf).max(0).values
    return torch.where(lengths[:, None] > 0, highest, torch.zeros_like(highest))


def run_network(network, parameters, x, lengths, initial, layer=run_layer):
    """Output `[batch, size]`, `[time, batch, size]` or, for the head `hidden`, the last layer's; and all final states."""
    if network["input"]["kind"] == "ids":
        vocabulary = network["input"]["vocabulary"]
        if "input.E" in parameters:
            x = functional.embedding(x, parameters["input.E"])
        else:
            x = functional.one_hot(x, vocabulary).double()
    final = {}
    for number, description in enumerate(network["layers"]):
        own = {name: value for name, value in initial.items() if name.startswith(f"layers.{number}.")}
        x, end = layer(description, number, parameters, x, lengths, own)
        final |= end
    head = network["head"]
    if head == "hidden":
        return x, final
    h = x if head == "steps" else pooled(head, network["layers"][-1], x, lengths)
    y = h @ parameters["output.Why"].T + parameters["output.by"]
    if head == "steps":
        y = y * (torch.arange(y.shape[0])[:, None] < lengths[None, :])[:, :, None]
    return y, final


def loss_terms(loss, y, targets):
    """The loss of each row, before weights: `[batch]` or `[time, batch]`."""
    if loss == "categorical-cross-entropy":
        flat = functional.cross_entropy(y.reshape(-1, y.shape[-1]), targets.reshape(-1), reduction="none")
        return flat.reshape(targets.shape)
    if loss == "binary-cross-entropy":
        return functional.binary_cross_entropy_with_logits(y, targets, reduction="none").sum(-1)
    assert loss == "squared-error", loss
    return functional.mse_loss(y, targets, reduction="none").sum(-1)


def weighted_loss(network, y, lengths, targets, weights):
    """Sum of weight × loss over the rows, or steps, that are true."""
    terms = loss_terms(network["loss"], y, targets)
    true = lengths > 0 if terms.dim() == 1 else torch.arange(terms.shape[0])[:, None] < lengths[None, :]
    return (terms * weights)[true].sum()


def check_directions(name, value_of, leaves, gradients, generator, directions=2, tolerance=1e-6):
    """Central differences along random directions, each tensor apart, against the gradients. Raises where they differ."""
    for leaf_name, leaf in leaves.items():
        for _ in range(directions):
            direction = torch.randn(leaf.shape, generator=generator, dtype=torch.float64)
            exact = float((gradients[leaf_name] * direction).sum())

            def difference(step):
                with torch.no_grad():
                    above = value_of({**leaves, leaf_name: leaf + step * direction})
                    below = value_of({**leaves, leaf_name: leaf - step * direction})
                return float(above - below) / (2 * step)

            def agrees(step, allowed):
                return abs(difference(step) - exact) / max(1e-3, abs(exact)) <= allowed

            # The largest of a pool may change within a step: a shorter one, though rounded more, stays on this side.
            if not any(agrees(1e-5 / shorter, tolerance * shorter) for shorter in (1, 10, 100)):
                raise AssertionError(
                    f"{name}: gradient of {leaf_name}: {exact} but differences give {difference(1e-5)}"
                )
