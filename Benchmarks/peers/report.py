"""Tables and plots of what compare.py measures."""

import math

# Variants of one runtime: the fastest of them stands for it.
FAMILIES = {"pytorch-frozen": "pytorch", "pytorch-optimized": "pytorch"}
TITLES = {
    "martlet": "Martlet", "pytorch": "PyTorch", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO",
    "ncnn": "ncnn", "mnn": "MNN"}
LOADING = "Load and compile, ms"
MEMORY = "Resident MiB after 10 runs, without what each process held before (Python, NumPy; Swift's libraries)"


def best(cell):
    """For each runtime its fastest variant's record, without those that failed."""
    found = {}
    for name, record in cell["runtimes"].items():
        if "failed" in record:
            continue
        family = FAMILIES.get(name, name)
        if family not in found or time(cell, record) < time(cell, found[family]):
            found[family] = record
    return found


def time(cell, record):
    """Milliseconds a run: the median's, or with streams those between two results."""
    return 1e3 / record["runs_per_s"] if cell["streams"] > 1 else record["median_ms"]


def ratio(cell):
    """Martlet's time over the fastest peer's; None where one of them is missing."""
    records = best(cell)
    peers = [time(cell, record) for name, record in records.items() if name != "martlet"]
    return time(cell, records["martlet"]) / min(peers) if peers and "martlet" in records else None


def geometric(values):
    values = [value for value in values if value]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def line(cell):
    times = ", ".join(f"{name} {time(cell, record):.4g}" for name, record in best(cell).items())
    found = ratio(cell)
    return f"{label(cell)}: {times}" + (f" ms; {found:.3f} of the fastest peer" if found else " ms")


def label(cell):
    threads = f"{cell['threads']} thread{'s' if cell['threads'] > 1 else ''}"
    return f"{cell['model']}, {threads}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def measured(results):
    """What was measured where, in a line."""
    machine = results["machine"]
    return (
        f"Measured {machine['began']} on {machine['processor']}, {machine['cores']} cores, "
        f"{'AVX-512' if machine['avx512'] else 'AVX2' if machine['avx2'] else 'neither AVX2 nor AVX-512'}; "
        f"load before it {machine['load']:.1f}; {results['rounds']} rounds of {results['seconds']:g} s; "
        + ", ".join(f"{name} {version}" for name, version in results["versions"].items()))


def text(results):
    """Everything as Markdown."""
    parts = [measured(results)]
    for threads in dict.fromkeys(cell["threads"] for cell in results["cells"]):
        cells = [cell for cell in results["cells"] if cell["threads"] == threads]
        parts += section(cells, threads)
    return "\n\n".join(parts) + "\n"


def section(cells, threads):
    names = [name for name in TITLES if any(name in best(cell) for cell in cells)]
    batch, streams = cells[0]["batch"], cells[0]["streams"]
    rows = []
    for cell in cells:
        records = best(cell)
        fastest = min((time(cell, record) for record in records.values()), default=0)
        figures = []
        for name in names:
            if name not in records:
                figures.append("–")
                continue
            value = time(cell, records[name])
            figures.append(f"**{value:.4g}**" if value == fastest else f"{value:.4g}")
        found = ratio(cell)
        rows.append([cell["model"], *figures, f"{found:.3f}" if found else "–"])
    head = ["model", *(TITLES[name] for name in names), "ratio"]
    what = "ms from result to result" if streams > 1 else "Median ms"
    parts = [f"{what}, {threads} thread{'s' if threads > 1 else ''} a run, batch {batch}"
             + (f", {streams} streams" if streams > 1 else ""), table(head, rows)]
    ratios = [ratio(cell) for cell in cells]
    if any(ratios):
        worst = max(value for value in ratios if value)
        parts.append(f"Martlet over the fastest peer: geometric mean {geometric(ratios):.3f}, worst {worst:.3f}")
    for title, figure in (
        (LOADING, lambda record: f"{record['load_ms']:.4g}"),
        ("First run over median run", lambda record: f"{record['first_run_ms'] / record['median_ms']:.2f}"),
        (MEMORY, lambda record: f"{record['own_rss_bytes'] / 2**20:.0f}")):
        rows = [[cell["model"], *(figure(best(cell)[name]) if name in best(cell) else "–" for name in names)]
                for cell in cells]
        parts += [title, table(["model", *(TITLES[name] for name in names)], rows)]
    failures = [f"- {cell['model']}, {name}: {record['failed']}"
                for cell in cells for name, record in cell["runtimes"].items() if "failed" in record]
    return parts + (["Not measured:\n" + "\n".join(failures)] if failures else [])


def plot(results, path):
    """Bars of every runtime's time over Martlet's, or over the fastest's where Martlet is not among them."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    groups = list(dict.fromkeys(cell["threads"] for cell in results["cells"]))
    figure, rows = pyplot.subplots(len(groups), 1, figsize=(12, 3.6 * len(groups)), squeeze=False)
    for axes, threads in zip(rows[:, 0], groups):
        cells = [cell for cell in results["cells"] if cell["threads"] == threads and best(cell)]
        names = [name for name in TITLES if any(name in best(cell) for cell in cells)]
        for index, name in enumerate(names):
            places, heights = [], []
            for place, cell in enumerate(cells):
                records = best(cell)
                if name not in records:
                    continue
                base = records.get("martlet") or min(records.values(), key=lambda record: time(cell, record))
                places.append(place + (index - (len(names) - 1) / 2) * 0.8 / len(names))
                heights.append(time(cell, records[name]) / time(cell, base))
            axes.bar(places, heights, 0.8 / len(names), label=TITLES[name])
        axes.axhline(1, color="black", linewidth=0.6)
        axes.set_xticks(range(len(cells)), [cell["model"] for cell in cells], rotation=20, ha="right")
        axes.set_ylabel("time, Martlet = 1" if "martlet" in names else "time, fastest = 1")
        axes.set_ylim(0, min(axes.get_ylim()[1], 5))
        axes.set_title(f"{threads} thread{'s' if threads > 1 else ''}, {results['machine']['processor']}",
                       fontsize=10)
        axes.legend(ncols=len(names), fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
