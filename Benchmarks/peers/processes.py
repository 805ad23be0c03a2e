"""The measured runtimes as processes that wait for their turns."""

import json
import os
import pathlib
import selectors
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from runtimes import LOCKED

HERE = pathlib.Path(__file__).parent
PATIENCE = 600


class Failure(Exception):
    """A runtime that does not load, run, or answer."""


class Process:
    """One process that speaks the protocol of worker.py."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.waiting = selectors.DefaultSelector()
        self.waiting.register(self.process.stdout, selectors.EVENT_READ)

    def send(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the missing answer tells

    def receive(self):
        if not self.waiting.select(PATIENCE):
            self.process.kill()
            raise Failure(f"no answer within {PATIENCE} seconds")
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            self.errors.seek(0)
            last = self.errors.read().strip().splitlines()[-1:]
            raise Failure(f"ended with status {status}: {' '.join(last)[-300:]}")
        return json.loads(line)

    def stop(self):
        if self.process.poll() is None:
            self.send("quit")
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()


class Runtime:
    """A runtime at its turns; as many processes as it has streams where one process cannot run them."""

    def __init__(self, name, folder, threads, streams):
        self.name, self.turns, self.error = name, [], None
        copies = streams if name in LOCKED else 1
        inside = 1 if name in LOCKED else streams
        self.processes = [Process(command(name, folder, threads, inside)) for _ in range(copies)]
        try:
            self.ready = [process.receive() for process in self.processes][0]
        except Failure:
            self.stop()
            raise

    def turn(self, seconds, minimum):
        answers = self.ask(f"run {seconds} {minimum}")
        self.turns.append({
            "median_ms": statistics.median(answer["median_ms"] for answer in answers),
            "min_ms": min(answer["min_ms"] for answer in answers),
            "runs": sum(answer["runs"] for answer in answers),
            "runs_per_s": sum(answer["runs_per_s"] for answer in answers)})

    def output(self):
        with tempfile.TemporaryDirectory() as folder:
            self.processes[0].send(f"save {folder}")
            self.processes[0].receive()
            return np.load(pathlib.Path(folder) / "output_0.npy")

    def remember(self):
        """Notes what the process holds now."""
        answers = self.ask("memory")
        self.memory = sum(answer["rss_bytes"] for answer in answers)

    def record(self, rounds):
        """What the last `rounds` turns, and what came before them, amount to."""
        turns = self.turns[-rounds:]
        return {
            "median_ms": statistics.median(turn["median_ms"] for turn in turns),
            "min_ms": min(turn["min_ms"] for turn in turns),
            "runs_per_s": statistics.median(turn["runs_per_s"] for turn in turns),
            "runs": sum(turn["runs"] for turn in turns),
            "load_ms": self.ready["load_ms"] + self.ready["compile_ms"],
            "first_run_ms": self.ready["first_run_ms"], "isa": self.ready.get("isa"),
            "rss_bytes": self.memory,
            # What was there before the runtime came: Python and NumPy; Swift's libraries.
            "own_rss_bytes": self.memory - len(self.processes) * (self.ready.get("baseline_bytes") or 0),
            "difference": self.error, "round_medians_ms": [turn["median_ms"] for turn in turns]}

    def ask(self, line):
        for process in self.processes:
            process.send(line)
        return [process.receive() for process in self.processes]

    def stop(self):
        for process in self.processes:
            process.stop()


def command(name, folder, threads, streams):
    if name == "martlet":
        return [os.environ["MARTLET"], "bench", str(folder / "model.pt"), "--input", str(folder / "input.npy"),
                "--threads", str(threads), "--streams", str(streams), "--serve"]
    return [sys.executable, str(HERE / "worker.py"), name, str(folder), str(threads), str(streams)]
