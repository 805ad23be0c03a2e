"""One runtime in a process of its own: worker.py RUNTIME FOLDER THREADS STREAMS.

Speaks as `martlet bench --serve` does: a line of JSON when it has run once, then one for each
line that it reads: `run SECONDS MINIMUM` measures, `save FOLDER` writes the answer, `memory`
tells what the process holds. In between it idles.
"""

import json
import pathlib
import sys
import threading
import time

import numpy as np

import runtimes


def status(field: str) -> int:
    """A size in /proc/self/status, in bytes."""
    for line in open("/proc/self/status"):
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def timed(body):
    start = time.perf_counter()
    result = body()
    return result, (time.perf_counter() - start) * 1e3


def repeat(run, seconds, minimum, times):
    end = time.perf_counter() + seconds
    while True:
        times.append(timed(run)[1])
        if time.perf_counter() >= end and len(times) >= minimum:
            return


def measure(runs, seconds, minimum):
    """The calls' times in ms, with one thread for each of `runs`."""
    times = [[] for _ in runs]
    start = time.perf_counter()
    if len(runs) == 1:
        repeat(runs[0], seconds, minimum, times[0])
    else:
        threads = [
            threading.Thread(target=repeat, args=(run, seconds, minimum, list_))
            for run, list_ in zip(runs, times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    elapsed = time.perf_counter() - start
    all_ = sorted(sum(times, []))
    return {
        "median_ms": all_[(len(all_) - 1) // 2], "min_ms": all_[0], "runs": len(all_),
        "p90_ms": all_[min(int(len(all_) * 0.9), len(all_) - 1)],
        "runs_per_s": len(all_) / elapsed}


def answer(**fields):
    print(json.dumps(fields), file=OUTPUT, flush=True)


def main():
    name, folder, threads, streams = sys.argv[1], pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:5])
    x = np.load(folder / "input.npy")
    baseline = status("VmRSS")
    runtime = runtimes.RUNTIMES[name](folder, threads, streams)
    _, load = timed(runtime.load)
    runs = runtime.runs(x)
    result, first = timed(runs[0])
    answer(load_ms=load, compile_ms=0, first_run_ms=first, baseline_bytes=baseline)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "run":
            answer(**measure(runs, float(words[1]), int(words[2])))
        elif words[0] == "save":
            np.save(pathlib.Path(words[1]) / "output_0.npy", np.asarray(result, dtype=np.float32))
            answer(saved=1)
        elif words[0] == "memory":
            answer(rss_bytes=status("VmRSS"), peak_rss_bytes=status("VmHWM"))
        else:
            return


if __name__ == "__main__":
    # Runtimes print what they like; the answers keep a channel of their own.
    OUTPUT = sys.stdout
    import os

    OUTPUT = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    main()
