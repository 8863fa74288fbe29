"""The side of the protocol that a measured process in Python speaks: requests on stdin, answers on stdout."""

import json
import resource
import sys
import time
import traceback


def serve(version, works):
    """Answers until stdin ends. `works` are functions by name, of what a request gives, that return what is to be called, or that and facts."""
    out, sys.stdout = sys.stdout, sys.stderr
    prepared = []

    def say(**answer):
        print(json.dumps(answer), file=out, flush=True)

    say(version=version)
    for line in sys.stdin:
        try:
            say(**answer(json.loads(line), works, prepared))
        except Exception:
            say(error=traceback.format_exc())


def answer(request, works, prepared):
    if "prepare" in request:
        made = works[request["prepare"]](request["given"])
        call, facts = made if isinstance(made, tuple) else (made, {})
        prepared.append(call)
        return {"prepared": len(prepared) - 1, "facts": facts}
    if "memory" in request:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {"memory": {"resident": peak, "heap": 0, "peak": peak}}
    call = prepared[request["run"]]
    if not request["each"]:
        return {"timing": timed(call, request["times"])}
    return {"each": [timed(call, 1)["elapsed"] for _ in range(request["times"])]}


def timed(call, times):
    """Milliseconds on the wall's clock, and of processors by all threads."""
    used, began = time.process_time(), time.perf_counter()
    for _ in range(times):
        call()
    return {"elapsed": 1000 * (time.perf_counter() - began), "processor": 1000 * (time.process_time() - used)}
