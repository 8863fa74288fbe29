"""Makes data/encoder-decoder.json: encoder–decoders by PyTorch in float64, with and without attention, ragged both ways."""

import torch
import torch.nn.functional as functional
from golden_format import Draw, encode_tensor, encode_tensors, write_goldens
from networks import STATES, cell_shapes, check_directions, directions_of, pooled, run_layer, textbook_layer

# Steps of the sources and of the targets: either may be the longer one, or have none.
SOURCES = [5, 2, 0, 6, 1, 3, 0]
TARGETS = [3, 6, 2, 6, 1, 0, 0]
ATTENTION_UNITS = 3


def embedded(kind, size):
    """What enters at each step: token numbers looked up in a table, or vectors."""
    return {"kind": "ids", "vocabulary": size, "embedding": 3} if kind == "ids" else {"kind": "vectors", "size": size}


def plan(name, encoder, decoder, begin=False, attention=None, kind="ids"):
    """One case from the cells, units and directions of its layers."""
    layer = lambda cell, units, direction="forward": {"cell": cell, "units": units, "direction": direction}
    return name, {
        "input": embedded(kind, 5),
        "source": {"input": embedded(kind, 6), "layers": [layer(*each) for each in encoder]},
        "layers": [layer(*each) for each in decoder],
        "begin": begin,
        **({"attention": attention} if attention else {}),
        "size": 4,
    }


def plans():
    """Every case: its name and network."""
    for cell in ["vanilla", "lstm"]:
        one = [(cell, 4)]
        yield plan(f"{cell} from the last state", one, [(cell, 3)], begin=True)
        yield plan(f"{cell} two layers, two-way encoder", [(cell, 3, "both"), (cell, 2, "both")], [(cell, 3), (cell, 4)], True)
        yield plan(f"{cell} backward encoder", [(cell, 4, "backward")], [(cell, 3)], begin=True)
        for attention in ["multiplicative", "additive"]:
            yield plan(f"{cell} {attention} attention", [(cell, 3, "both")], [(cell, 4)], attention=attention)
        yield plan(f"{cell} multiplicative attention from the last state", one, [(cell, 4)], True, "multiplicative")
    yield plan("vectors, additive attention", [("lstm", 3, "both")], [("vanilla", 4)], True, "additive", kind="vectors")
    yield plan("additive attention over vectors without an encoder's layers", [], [("lstm", 3)], attention="additive", kind="vectors")
    recurrent = ("attending", 4)
    yield plan("attention in the recurrence", [("lstm", 3, "both")], [recurrent], begin=True)
    yield plan("attention in the recurrence, vectors", [("vanilla", 3)], [recurrent, ("lstm", 3)], kind="vectors")


def shapes_of(network):
    """Shapes of every parameter, and of one row of every state."""
    parameters, states = {}, {}

    def side(prefix, input, layers, memory=None):
        size = input.get("embedding") or input["size"]
        if input["kind"] == "ids":
            parameters[f"{prefix}input.E"] = (input["vocabulary"], size)
        for number, layer in enumerate(layers):
            start = f"{prefix}layers.{number}."
            units = layer["units"]
            for way, _ in directions_of(layer):
                if layer["cell"] == "attending":
                    shapes = {"Wk": (ATTENTION_UNITS, memory), "Wq": (ATTENTION_UNITS, units), "v": (ATTENTION_UNITS,)}
                    shapes |= {"Wch": (units, memory), **cell_shapes("vanilla", size, units)}
                else:
                    shapes = cell_shapes(layer["cell"], size, units)
                for name, shape in shapes.items():
                    parameters[start + way + name] = shape
                for state in states_of(layer):
                    states[start + way + state] = (units,)
            if memory and network["begin"]:
                parameters.update({f"{start}begin.Wb": (units, memory), f"{start}begin.bb": (units,)})
                if layer["cell"] == "lstm":
                    parameters[f"{start}begin.Wc"] = (units, memory)
            size = units * len(directions_of(layer))
        return size

    source = network["source"]
    memory = side("source.", source["input"], source["layers"])
    size = side("", network["input"], network["layers"], memory)
    attention = network.get("attention")
    if attention == "additive":
        parameters |= {
            "attention.Wk": (ATTENTION_UNITS, memory),
            "attention.Wq": (ATTENTION_UNITS, size),
            "attention.v": (ATTENTION_UNITS,),
        }
        size += memory
    if attention == "multiplicative":
        parameters |= {"attention.Wa": (size, memory), "attention.Wc": (size, size + memory), "attention.bc": (size,)}
    parameters |= {"output.Why": (network["size"], size), "output.by": (network["size"],)}
    return parameters, states


def states_of(layer):
    return STATES["vanilla" if layer["cell"] == "attending" else layer["cell"]]


def within(parameters, start):
    """What is named below a place, by the rest of its name."""
    return {name[len(start) :]: value for name, value in parameters.items() if name.startswith(start)}


def attend(scores, memory, lengths):
    """Weights over true positions of the source, and the memory so weighted: scores `[batch, source]`; 0 of an empty source."""
    true = torch.arange(memory.shape[0])[None, :] < lengths[:, None]
    weights = torch.zeros_like(scores)
    alive = lengths > 0
    weights[alive] = torch.softmax(scores[alive].masked_fill(~true[alive], -torch.inf), 1)
    return torch.einsum("bs,sbm->bm", weights, memory)


def attending_layer(number, parameters, x, lengths, initial, memory, source_lengths):
    """The recurrence of Bahdanau et al. (2015), with tanh in place of their gates: it looks at the source before each step."""
    p = within(parameters, f"layers.{number}.")
    name = f"layers.{number}.h"
    h, outputs = initial[name], []
    keys = memory @ p["Wk"].T
    for t in range(x.shape[0]):
        scores = torch.tanh(h @ p["Wq"].T + keys) @ p["v"]
        context = attend(scores.T, memory, source_lengths)
        new = torch.tanh(x[t] @ p["Wxh"].T + context @ p["Wch"].T + h @ p["Whh"].T + p["bh"])
        h = torch.where((t < lengths)[:, None], new, h)
        outputs.append(new)
    return torch.stack(outputs), {name: h}


def run(network, values, batch, layer=run_layer):
    """Logits `[time, batch, size]`, 0 beyond the end, and all final states."""
    lengths, source_lengths = batch["lengths"], batch["sourceLengths"]
    source = network["source"]

    def enter(prefix, name, input):
        return functional.embedding(batch[name], values[f"{prefix}input.E"]) if input["kind"] == "ids" else values[name]

    def initial_of(prefix, number):
        start = f"state:{prefix}layers.{number}."
        return {name[len(f"state:{prefix}") :]: value for name, value in values.items() if name.startswith(start)}

    final = {}
    m = enter("source.", "source", source["input"])
    for number, each in enumerate(source["layers"]):
        m, end = layer(each, number, within(values, "source."), m, source_lengths, initial_of("source.", number))
        final |= {f"source.{name}": value for name, value in end.items()}
    m = m * (torch.arange(m.shape[0])[:, None] < source_lengths[None, :])[:, :, None]
    x = enter("", "x", network["input"])
    for number, each in enumerate(network["layers"]):
        initial = initial_of("", number)
        if network["begin"]:
            last = pooled("last", source["layers"][-1], m, source_lengths)
            last = last * (source_lengths > 0)[:, None]
            p = within(values, f"layers.{number}.begin.")
            initial[f"layers.{number}.h"] = torch.tanh(last @ p["Wb"].T + p["bb"])
            if "Wc" in p:
                initial[f"layers.{number}.c"] = last @ p["Wc"].T
        if each["cell"] == "attending":
            x, end = attending_layer(number, values, x, lengths, initial, m, source_lengths)
        else:
            x, end = layer(each, number, values, x, lengths, initial)
        final |= end
    attention, p = network.get("attention"), within(values, "attention.")
    if attention:
        if attention == "additive":
            scores = torch.tanh((x @ p["Wq"].T)[:, None] + (m @ p["Wk"].T)[None]) @ p["v"]
        else:
            scores = torch.einsum("tbh,hm,sbm->tsb", x, p["Wa"], m)
        contexts = torch.stack([attend(scores[t].T, m, source_lengths) for t in range(x.shape[0])])
        x = torch.cat([x, contexts], 2)
        if attention == "multiplicative":
            x = torch.tanh(x @ p["Wc"].T + p["bc"])
    y = x @ values["output.Why"].T + values["output.by"]
    return y * (torch.arange(y.shape[0])[:, None] < lengths[None, :])[:, :, None], final


def make(name, network):
    """Draws a case, runs it, checks it and writes it down."""
    draw = Draw(name)
    shapes, states = shapes_of(network)
    sources, targets = torch.tensor(SOURCES), torch.tensor(TARGETS)
    lengths = torch.maximum(sources, targets)
    time, size = int(lengths.max()), len(SOURCES)
    leaves = {key: torch.tensor(draw.uniform(*shape)) for key, shape in shapes.items()}
    for key, shape in states.items():
        leaves[f"state:{key}"] = torch.tensor(draw.uniform(size, *shape))
    batch = {"lengths": lengths, "sourceLengths": sources}
    for key, input in [("source", network["source"]["input"]), ("x", network["input"])]:
        if input["kind"] == "ids":
            batch[key] = torch.tensor(draw.integers(input["vocabulary"], time, size)).long()
        else:
            leaves[key] = torch.tensor(draw.uniform(time, size, input["size"], limit=1))
    wanted = torch.tensor(draw.integers(network["size"], time, size)).long()
    # A step beyond its target's end, where the source is the longer one, counts for nothing.
    true = torch.arange(time)[:, None] < targets[None, :]
    weights = torch.tensor(draw.uniform(time, size) + 0.75) * true
    seeds = {key: torch.tensor(draw.uniform(size, *shape)) for key, shape in states.items()}

    def loss_of(values):
        y, final = run(network, values, batch)
        flat = functional.cross_entropy(y.reshape(-1, y.shape[-1]), wanted.reshape(-1), reduction="none")
        return y, final, (flat.reshape(wanted.shape) * weights).sum()

    def value_of(values):
        _, final, loss = loss_of(values)
        return loss + sum((final[key] * seed).sum() for key, seed in seeds.items())

    tracked = {key: leaf.clone().requires_grad_() for key, leaf in leaves.items()}
    y, final, loss = loss_of(tracked)
    found = torch.autograd.grad(value_of(tracked), list(tracked.values()), allow_unused=True)
    gradients = {key: torch.zeros_like(tracked[key]) if g is None else g for key, g in zip(tracked, found)}
    with torch.no_grad():
        book_y, book_final = run(network, leaves, batch, textbook_layer)
    for ours, theirs in [(book_y, y), *((book_final[key], final[key]) for key in states)]:
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-13), f"{name}: the textbook disagrees"
    check_directions(name, value_of, leaves, gradients, torch.Generator().manual_seed(draw.seed))
    # What lies beyond a source's end is not read, whatever it is.
    inputs = {key: gradients[key] for key in ("source", "x") if key in gradients}
    return {
        "name": name,
        "network": network,
        "lengths": lengths.tolist(),
        "sourceLengths": SOURCES,
        "source": encode_tensor(leaves.get("source", batch.get("source"))),
        "x": encode_tensor(leaves.get("x", batch.get("x"))),
        "targets": encode_tensor(wanted.int()),
        "weights": encode_tensor(weights),
        "initialState": encode_tensors({key: leaves[f"state:{key}"] for key in states}),
        "finalStateGradient": encode_tensors(seeds),
        "parameters": encode_tensors({key: leaves[key] for key in shapes}),
        "expected": {
            "output": encode_tensor(y),
            "loss": loss.item(),
            "finalState": encode_tensors({key: final[key] for key in states}),
            "parameters": encode_tensors({key: gradients[key] for key in shapes}),
            "inputs": encode_tensors(inputs),
            "initialState": encode_tensors({key: gradients[f"state:{key}"] for key in states}),
        },
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    write_goldens("encoder-decoder.json", {"torch": torch.__version__}, [make(*each) for each in plans()])
