"""Makes data/events.json: records of event files, as TensorBoard's own protobuf messages and record writer give them."""

import base64
import io

import tensorboard
from golden_format import write_goldens
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def record_of(event):
    """One record around a message."""
    file = io.BytesIO()
    RecordWriter(file).write(event.SerializeToString(deterministic=True))
    return base64.b64encode(file.getvalue()).decode()


def scalars(time, step, values):
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
    return Event(wall_time=time, step=step, summary=summary)


def make_case(name, time, step, values=None):
    if name == "version":
        event = Event(wall_time=time, file_version="brain.Event:2")
    elif name.startswith("start"):
        event = Event(wall_time=time, step=step, session_log=SessionLog(status=SessionLog.START))
    else:
        event = scalars(time, step, values)
    return {"name": name, "time": time, "step": step, "values": values or {}, "record": record_of(event)}


CASES = [
    make_case("version", 1700000000.125, 0),
    make_case("start", 1700000000.25, 1),
    make_case("start late", 1700000000.25, 40001),
    make_case("one scalar", 1700000001.5, 1, {"update/loss": 0.6931471805599453}),
    make_case("scalars", 1700000002.5, 300, {"epoch/loss": 0.1, "epoch/accuracy": 1.0, "epoch/gradientNorm": 0.0}),
    make_case("many updates", 1700000003.5, 2**33 + 7, {"update/learningRate": 1e-5, "update/loss": 123456.789}),
    make_case("a long tag", 1700000004.5, 17, {"größe/" + "λ" * 200: -2.5}),
]
write_goldens("events.json", {"tensorboard": tensorboard.__version__}, CASES)
