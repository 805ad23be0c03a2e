"""Archives through Martlet and back: what both checks of archives, of models and of operators, share.

Each archive is run by Martlet node by node and compiled, and compared with PyTorch's results; then saved
again by Martlet, loaded by PyTorch, and compared once more.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

PROBE = os.environ.get("PROBE", "")


def check_all(entries, folder: pathlib.Path, verbose=False) -> dict[str, dict[str, str]]:
    """What went wrong with each entry of a manifest, by stage; an entry without problems has none."""
    found = {}
    size = 1 if verbose else len(entries)
    for start in range(0, len(entries), max(size, 1)):
        part = entries[start : start + size]
        for entry in part:
            entry["resaved"] = str(folder / f"{entry['name']}.resaved.pt")
        found |= run_probe(part, folder)
        for entry in part:
            problems = found.setdefault(entry["name"], {"probe": "gave no answer"})
            if not {"load", "save", "crash", "probe"} & problems.keys():
                problem = compare_resaved(entry)
                if problem:
                    problems["resaved"] = problem
            pathlib.Path(entry["resaved"]).unlink(missing_ok=True)
            if verbose:
                print(line(entry["name"], problems), flush=True)
    return found


def line(name, problems) -> str:
    if not problems:
        return f"ok {name}"
    return f"FAIL {name}: " + "; ".join(f"{stage}: {text}" for stage, text in sorted(problems.items()))


def run_probe(entries, folder: pathlib.Path) -> dict[str, dict[str, str]]:
    """The probe's answers; where it ends early, the archive it was at has crashed it, and the rest go on."""
    found = {}
    rest = list(entries)
    while rest:
        manifest = folder / "probe.json"
        manifest.write_text(json.dumps(rest))
        done = subprocess.run([PROBE, "archives", manifest], capture_output=True, text=True)
        current = None
        for line in done.stdout.splitlines():
            report = json.loads(line)
            if report.get("begins"):
                current = report["name"]
            else:
                found[report["name"]] = report["problems"]
                current = None
        if done.returncode == 0:
            return found
        if current is None:
            raise SystemExit(f"the probe failed: {done.stderr[-2000:]}")
        reasons = [line for line in done.stderr.splitlines() if "rror" in line] or done.stderr.splitlines()
        found[current] = {"crash": f"status {done.returncode}: {' '.join(reasons[:1])[:300]}"}
        rest = rest[[entry["name"] for entry in rest].index(current) + 1 :]
    return found


def inputs_like(schema, arrays):
    """forward's arguments from their leaves: numbers where the schema says so."""
    kinds = {"int": int, "float": float, "bool": bool}
    values = []
    for argument, leaf in zip(schema.arguments[1:], arrays):
        kind = str(argument.type).removeprefix("Optional[").removesuffix("]")
        number = kinds.get(kind) if leaf.ndim == 0 else None
        values.append(number(leaf) if number else torch.from_numpy(leaf))
    return values


def compare_resaved(entry) -> str | None:
    """How PyTorch's results of the archive that Martlet saved differ from the first archive's."""
    from case import evaluate

    try:
        module = torch.jit.load(entry["resaved"])
        for index, run in enumerate(entry["runs"]):
            if index:
                module = torch.jit.load(entry["resaved"])
            inputs = inputs_like(module.forward.schema, [np.load(path) for path in run["inputs"]])
            got = evaluate(module, inputs)
            problem = difference(got, [np.load(path) for path in run["expects"]], entry["tolerance"])
            if problem:
                return problem + (" at the second size" if index else "")
    except Exception as error:
        text = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"{type(error).__name__}: {' '.join(text[:3])[:400]}"
    return None


def difference(got, expected, tolerance) -> str | None:
    """What differs between flattened results: the largest difference over the largest magnitude."""
    if len(got) != len(expected):
        return f"{len(got)} outputs, expected {len(expected)}"
    for index, (ours, theirs) in enumerate(zip(got, expected)):
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
            return f"output {index} is {ours.dtype} {ours.shape}, expected {theirs.dtype} {theirs.shape}"
        if theirs.dtype.kind not in "fc":
            if not np.array_equal(ours, theirs):
                return f"output {index} has other values"
            continue
        same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
        if same.all():
            continue
        distance = np.abs(np.where(same, 0, ours.astype(np.complex128) - theirs)).max()
        finite = theirs[np.isfinite(theirs)]
        scale = np.abs(finite).max() if finite.size else 0
        if not distance <= tolerance * scale:
            return f"output {index} differs by {distance / scale if scale else distance:.2g} of the largest"
    return None


def report(found: dict[str, dict[str, str]], verbose=False) -> int:
    """Prints what fails, unless it is said already, by its reason, and the totals; the number that failed."""
    reasons = collections.defaultdict(list)
    failed = 0
    for name, problems in found.items():
        if not problems:
            continue
        failed += 1
        if not verbose:
            print(line(name, problems)[:500])
        for stage, text in problems.items():
            reasons[f"{stage}: {text[:90]}"].append(name)
    if failed > 3:
        print("most common:")
        for reason, names in sorted(reasons.items(), key=lambda item: -len(item[1]))[:12]:
            print(f"  {len(names)} × {reason}")
    print(f"{len(found) - failed} passed, {failed} failed")
    return failed


def folder(keep):
    """Where the archives lie: kept, or gone at the end."""
    if keep:
        path = pathlib.Path(keep).absolute()
        path.mkdir(parents=True, exist_ok=True)
        return path, None
    temporary = tempfile.TemporaryDirectory(prefix="interop")
    return pathlib.Path(temporary.name), temporary


def arguments():
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[], help="names, or beginnings of operators' names")
    parser.add_argument("--keep", help="the folder to keep archives and arrays in")
    parser.add_argument("--from", dest="source", help="a folder that --keep or write_archives.py made")
    parser.add_argument("--all", action="store_true", help="the large and slow ones too")
    if not PROBE:
        sys.exit("PROBE must name the built InteropProbe")
    return parser.parse_args()
