"""Makes packages/core/test/golden/metrics.json: scikit-learn's measures of answers and probabilities.

Run: python metrics.py [file]   (needs scikit-learn 1.9 and numpy)
"""

import json
import sys
from pathlib import Path

import numpy
import sklearn
from sklearn.calibration import _TemperatureScaling
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, log_loss, precision_recall_fscore_support
from sklearn.utils.class_weight import compute_class_weight

BINS = 15


def softmax(logits):
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def expected_calibration_error(probabilities, truth):
    """Guo et al. 2017, eq. 3, over 15 bins (i/15, (i+1)/15]."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    error = 0.0
    for i in range(BINS):
        inside = (confidence > i / BINS) & (confidence <= (i + 1) / BINS)
        if inside.any():
            error += inside.sum() * abs(confidence[inside].mean() - right[inside].mean())
    return error / len(truth)


def case(name, classes, examples, answered, true, sharpness, seed):
    """Random logits that know something of the truth; some labels may never be answered or never be true."""
    draw = numpy.random.default_rng(seed)
    truth = draw.choice(true, examples)
    logits = draw.normal(size=(examples, classes)) + 1.2 * (numpy.arange(classes) == truth[:, None])
    logits[:, [c for c in range(classes) if c not in answered]] -= 30
    logits *= sharpness
    probabilities = softmax(logits)
    answers = probabilities.argmax(axis=1)
    labels = list(range(classes))

    def scores(average):
        precision, recall, f1, support = precision_recall_fscore_support(
            truth, answers, labels=labels, average=average, zero_division=0)
        as_list = lambda value: value.tolist() if hasattr(value, "tolist") else value
        return {"precision": as_list(precision), "recall": as_list(recall), "f1": as_list(f1),
                **({"support": as_list(support)} if average is None else {})}

    present = numpy.unique(truth)
    scaling = _TemperatureScaling().fit(logits, truth) if len(present) == classes else None
    majority = DummyClassifier(strategy="most_frequent").fit(logits, truth)
    return {
        "name": name, "classes": classes, "truth": truth.tolist(), "logits": logits.round(12).tolist(),
        "accuracy": accuracy_score(truth, answers), "confusion": confusion_matrix(truth, answers, labels=labels).tolist(),
        "labels": scores(None), "macro": scores("macro"), "weighted": scores("weighted"),
        "negativeLogLikelihood": log_loss(truth, probabilities, labels=labels),
        "brier": brier_score_loss(truth, probabilities[:, 1] if classes == 2 else probabilities, labels=labels),
        "expectedError": expected_calibration_error(probabilities, truth),
        "majority": majority.score(logits, truth),
        "balanced": compute_class_weight("balanced", classes=present, y=truth).tolist() if len(present) == classes else None,
        "temperature": float(1 / scaling.beta_) if scaling else None,
    }


CASES = [
    case("two labels, overconfident", 2, 120, [0, 1], [0, 1, 1], 3.0, 1),
    case("two labels, timid", 2, 90, [0, 1], [0, 0, 1], 0.2, 2),
    case("four labels", 4, 150, [0, 1, 2, 3], [0, 0, 0, 1, 2, 3], 1.5, 3),
    case("a label never answered", 3, 60, [0, 2], [0, 1, 2], 1.0, 4),
    case("a label never true", 3, 60, [0, 1, 2], [0, 2], 1.0, 5),
    case("one example", 2, 1, [0, 1], [1], 1.0, 6),
]

if __name__ == "__main__":
    default = Path(__file__).parents[2] / "packages/core/test/golden/metrics.json"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    made = {"madeWith": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__}, "cases": CASES}
    out.write_text(json.dumps(made, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
