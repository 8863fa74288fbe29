"""Keras 3 on TensorFlow: a training step, answers for a batch, and one step of its LSTMCell."""

import keras
import numpy
import tensorflow
from serve import serve

CLASSES = 2


def model_of(given):
    shape = given["shape"]
    size, steps, inputs, units = (shape[name] for name in ("batch", "steps", "inputs", "units"))
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(size, steps, inputs)),
            keras.layers.LSTM(units),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    random = numpy.random.default_rng(1)
    return model, random.uniform(-1, 1, (size, steps, inputs)).astype("float32")


def training(given):
    model, x = model_of(given)
    size = len(x)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", jit_compile=given["xla"])
    x = tensorflow.constant(x)
    y = tensorflow.constant((numpy.arange(size) % CLASSES).astype("int32"))
    return lambda: model.train_on_batch(x, y)


def inference(given):
    model, x = model_of(given)
    if given["call"] == "predict":
        return lambda: model.predict(x, batch_size=len(x), verbose=0)
    return lambda: model.predict_on_batch(x)


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


serve(f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}", {"training": training, "inference": inference, "step": step})
