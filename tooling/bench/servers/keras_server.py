"""Keras 3 on TensorFlow: a training step, and one step of its LSTMCell."""

import keras
import numpy
import tensorflow
from serve import serve

CLASSES = 2


def training(given):
    shape = given["shape"]
    size, steps, inputs, units = (shape[name] for name in ("batch", "steps", "inputs", "units"))
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(size, steps, inputs)),
            keras.layers.LSTM(units),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", jit_compile=given["xla"])
    random = numpy.random.default_rng(1)
    x = tensorflow.constant(random.uniform(-1, 1, (size, steps, inputs)).astype("float32"))
    y = tensorflow.constant((numpy.arange(size) % CLASSES).astype("int32"))
    return lambda: model.train_on_batch(x, y)


def step(given):
    """As a compiled function, its fastest way; called by itself it takes many times as long."""
    inputs, units = given["inputs"], given["units"]
    cell = keras.layers.LSTMCell(units)
    cell.build((1, inputs))
    call = tensorflow.function(lambda x, h, c: cell(x, [h, c]), jit_compile=False)
    x = tensorflow.constant(numpy.random.default_rng(1).uniform(-1, 1, (1, inputs)).astype("float32"))
    state = [tensorflow.zeros((1, units)), tensorflow.zeros((1, units))]

    def run():
        _, (state[0], state[1]) = call(x, state[0], state[1])
        # It has computed when its numbers can be read.
        state[0].numpy()

    return run


serve(f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}", {"training": training, "step": step})
