"""Makes data/scalers.json: numbers scaled by scikit-learn's StandardScaler and MinMaxScaler."""

import numpy
import sklearn
from golden_format import Draw, encode_tensor, write_goldens
from sklearn.preprocessing import MinMaxScaler, StandardScaler


def case(name, training, others):
    """Sequences that the scalers are fitted on, step after step, and others that they are then applied to."""
    steps = numpy.concatenate(training)
    standard, ranged = StandardScaler().fit(steps), MinMaxScaler().fit(steps)
    return {
        "name": name,
        "training": [encode_tensor(values) for values in training],
        "others": [encode_tensor(values) for values in others],
        "standardize": [encode_tensor(standard.transform(values)) for values in training + others],
        "range": [encode_tensor(ranged.transform(values)) for values in training + others],
    }


def sequences(draw, features, lengths, offset=0.0, spread=1.0):
    return [(offset + spread * draw.uniform(length, features)).astype("f4").astype("f8") for length in lengths]


def with_constants(draw):
    """Features that never change, of values whose mean is rounded."""
    drawn = sequences(draw, 5, [7, 30, 2])
    for values in drawn:
        values[:, 1], values[:, 3] = 0.1, 0.0
    return drawn


ragged, far, constant, single = (Draw(name) for name in ["ragged", "far", "constant", "single"])
write_goldens(
    "scalers.json",
    {"scikit-learn": sklearn.__version__},
    [
        case("sequences of different lengths", sequences(ragged, 12, [29, 7, 15, 20]), sequences(ragged, 12, [9], spread=3)),
        case("far from 0", sequences(far, 3, [50, 50], offset=1e4, spread=2), sequences(far, 3, [5], offset=1e4, spread=4)),
        case("features that never change", with_constants(constant), sequences(constant, 5, [4])),
        case("a single step", sequences(single, 2, [1]), sequences(single, 2, [3])),
    ],
)
