"""Makes data/keras.json: recurrent networks by Keras 3 in float64 with masks, each compared with PyTorch as it is made."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy
import tensorflow
import torch
from golden_format import array_of, write_goldens
from networks import STATES, directions_of
from recurrent_case import Result, draw_case, run_torch, to_json

# Keras stacks the LSTM's gates in this order, as columns.
GATES = {"vanilla": ["h"], "lstm": ["i", "f", "g", "o"]}


def plans():
    """Cases for what Keras does differently inside: masks over every step, its own two-way wrapper, its embedding."""
    vectors = {"kind": "vectors", "size": 3}
    lengths = [4, 0, 7, 1, 6]
    for cell in ["vanilla", "lstm"]:

        def layers(*kinds, cell=cell):
            return [{"cell": cell, "units": units, "direction": direction} for units, direction in kinds]

        hidden = {"input": vectors, "head": "hidden"}
        yield f"keras {cell} forward T=7", {**hidden, "layers": layers((4, "forward"))}, lengths, True
        yield f"keras {cell} forward T=50", {**hidden, "layers": layers((4, "forward"))}, [23, 50], False
        yield f"keras {cell} both T=7", {**hidden, "layers": layers((4, "both"))}, lengths, True
        yield f"keras {cell} two layers T=7", {**hidden, "layers": layers((3, "both"), (4, "forward"))}, lengths, True
        answer = {"size": 3, "loss": "categorical-cross-entropy"}
        one = layers((4, "forward"))
        yield f"keras {cell} last", {"input": vectors, "layers": one, "head": "last", **answer}, lengths, False
        both = layers((3, "both"))
        yield f"keras {cell} last both", {"input": vectors, "layers": both, "head": "last", **answer}, lengths, False
        yield f"keras {cell} max both", {"input": vectors, "layers": both, "head": "max", **answer}, lengths, False
        ids = {"kind": "ids", "vocabulary": 7, "embedding": 3}
        yield f"keras {cell} embedding", {"input": ids, "layers": one, "head": "mean", **answer}, lengths, False
        yes_no = {"size": 1, "loss": "binary-cross-entropy"}
        yield f"keras {cell} binary", {"input": vectors, "layers": one, "head": "mean", **yes_no}, lengths, False


def side_layer(layer, backward=False):
    kind = keras.layers.LSTM if layer["cell"] == "lstm" else keras.layers.SimpleRNN
    return kind(layer["units"], return_sequences=True, return_state=True, go_backwards=backward)


def keras_weights(case, number, layer):
    """(kernel, recurrent kernel, bias) of each direction in turn: our matrices transposed, gates side by side."""
    weights = []
    for prefix, _ in directions_of(layer):
        own = {name: case.leaves[f"layers.{number}.{prefix}{name}"].numpy() for name in names_of(layer)}
        for kind in ["Wx", "Wh", "b"]:
            weights.append(numpy.concatenate([own[f"{kind}{gate}"].T for gate in GATES[layer["cell"]]], -1))
    return weights


def names_of(layer):
    return [f"{kind}{gate}" for kind in ["Wx", "Wh", "b"] for gate in GATES[layer["cell"]]]


def named_gradients(number, layer, gradients):
    """Keras's gradients of a layer back under our names."""
    named, gates = {}, GATES[layer["cell"]]
    for side, (prefix, _) in enumerate(directions_of(layer)):
        for kind, gradient in zip(["Wx", "Wh", "b"], gradients[3 * side : 3 * side + 3]):
            for gate, part in zip(gates, numpy.split(array_of(gradient), len(gates), -1)):
                named[f"layers.{number}.{prefix}{kind}{gate}"] = part.T
    return named


def run_keras(case):
    """The case by Keras: `[batch, time, …]` inside, every mask given to its layers."""
    network, lengths = case.network, case.lengths.numpy()
    time = int(lengths.max())
    mask = numpy.arange(time)[None, :] < lengths[:, None]
    states = {key: tensorflow.Variable(case.leaves[f"state:{key}"].numpy()) for key in case.states}
    watched = dict(states)
    embedding, dense = None, None
    if case.ids is None:
        watched["x"] = tensorflow.Variable(case.leaves["x"].numpy().transpose(1, 0, 2))
    else:
        embedding = keras.layers.Embedding(network["input"]["vocabulary"], network["input"]["embedding"])
        embedding.build()
        embedding.set_weights([case.leaves["input.E"].numpy()])
    built = []
    with tensorflow.GradientTape(persistent=True) as tape:
        x = watched["x"] if embedding is None else embedding(case.ids.numpy().T)
        final = {}
        for number, layer in enumerate(network["layers"]):
            names = [f"layers.{number}.{prefix}{s}" for prefix, _ in directions_of(layer) for s in STATES[layer["cell"]]]
            runner = side_layer(layer)
            if layer["direction"] == "both":
                runner = keras.layers.Bidirectional(runner, backward_layer=side_layer(layer, True))
            runner.build(x.shape)
            runner.set_weights(keras_weights(case, number, layer))
            x, *end = runner(x, mask=mask, initial_state=[states[name] for name in names])
            x = x * mask[:, :, None]
            final |= dict(zip(names, end))
            built.append(runner)
        y = x
        if not case.linear:
            dense = keras.layers.Dense(network["size"])
            h = pool(network["head"], network["layers"][-1], x, mask, lengths)
            dense.build(h.shape)
            dense.set_weights([case.leaves["output.Why"].numpy().T, case.leaves["output.by"].numpy()])
            y = dense(h)
        value = linear_value(case, y, final) if case.linear else keras_loss(case, y, lengths)
    gradients = {}
    for number, (layer, runner) in enumerate(zip(network["layers"], built)):
        gradients |= named_gradients(number, layer, tape.gradient(value, runner.trainable_variables))
    if embedding is not None:
        gradients["input.E"] = tensorflow.convert_to_tensor(tape.gradient(value, embedding.trainable_variables[0]))
    if dense is not None:
        kernel, bias = tape.gradient(value, dense.trainable_variables)
        gradients |= {"output.Why": array_of(kernel).T, "output.by": bias}
    for key, variable in watched.items():
        gradient = tape.gradient(value, variable, unconnected_gradients="zero")
        gradients["x" if key == "x" else f"state:{key}"] = gradient
    if "x" in gradients:
        gradients["x"] = array_of(gradients["x"]).transpose(1, 0, 2)
    output = array_of(y).transpose(1, 0, 2) if case.linear else array_of(y)
    return Result(output, final, float(value), gradients)


def pool(head, layer, hidden, mask, lengths):
    """`last`, `mean` or `max` over the true steps; 0 for an empty row."""
    if head == "last":
        end = numpy.maximum(lengths - 1, 0)[:, None, None]
        sides = keras.ops.split(hidden, len(directions_of(layer)), -1)
        ends = [end * (not backward) for _, backward in directions_of(layer)]
        return keras.ops.concatenate([keras.ops.take_along_axis(s, e, 1)[:, 0] for s, e in zip(sides, ends)], -1)
    if head == "mean":
        return keras.ops.sum(hidden, 1) / numpy.maximum(lengths, 1)[:, None]
    highest = keras.ops.max(keras.ops.where(mask[:, :, None], hidden, -numpy.inf), 1)
    return keras.ops.where(lengths[:, None] > 0, highest, 0.0)


def linear_value(case, y, final):
    total = keras.ops.sum(y * case.output_gradient.numpy().transpose(1, 0, 2))
    for key, gradient in case.final_gradient.items():
        total = total + keras.ops.sum(final[key] * gradient.numpy())
    return total


def keras_loss(case, y, lengths):
    """Weighted sum of Keras's own losses over the rows that are not empty."""
    if case.network["loss"] == "categorical-cross-entropy":
        terms = keras.losses.sparse_categorical_crossentropy(case.targets.numpy(), y, from_logits=True)
    else:
        terms = keras.losses.binary_crossentropy(case.targets.numpy(), y, from_logits=True)
    return keras.ops.sum(terms * (case.weights.numpy() * (lengths > 0)))


def make_case(name, network, lengths, given):
    """Runs a case in both libraries; refuses to write it where they disagree."""
    case = draw_case(name, network, lengths, given)
    ours, theirs = run_keras(case), run_torch(case)
    pairs = [("output", ours.output, theirs.output), ("value", ours.value, theirs.value)]
    pairs += [(f"final {key}", ours.final[key], theirs.final[key]) for key in case.states]
    pairs += [(f"gradient of {key}", ours.gradients[key], theirs.gradients[key]) for key in theirs.gradients]
    for what, a, b in pairs:
        a, b = array_of(a), array_of(b)
        error = numpy.abs(a - b).max() / max(1e-3, numpy.abs(b).max())
        assert a.shape == b.shape and error < 1e-10, f"{name}: {what}: Keras and PyTorch differ by {error}"
    return to_json(case, ours)


keras.config.set_floatx("float64")
torch.set_num_threads(1)
versions = {"keras": keras.__version__, "tensorflow": tensorflow.__version__, "torch": torch.__version__}
write_goldens("keras.json", versions, [make_case(*plan) for plan in plans()])
