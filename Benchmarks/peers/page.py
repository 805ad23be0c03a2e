"""Writes what compare.py measured into Docs/Performance.md, between the page's marks.

A mark is a line `<!-- NAME -->`; its block ends at the next `<!-- end -->`. A block whose results are
not given stays as it is.
"""

import argparse
import json
import pathlib
import re

import report

PAGE = pathlib.Path(__file__).parents[2] / "Docs" / "Performance.md"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=results, help="whole runs as JSON; the tables show the first")
    parser.add_argument("--others", type=results, help="a run with other models")
    parser.add_argument("--batch", type=results, help="a run with --batch")
    parser.add_argument("--streams", type=results, help="a run with --streams")
    parser.add_argument("--page", type=pathlib.Path, default=PAGE, help="the page (Docs/Performance.md)")
    return parser.parse_args()


def results(path):
    try:
        return json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path} does not hold results: {error}") from None


def cells(run, threads):
    return [cell for cell in run["cells"] if cell["threads"] == threads]


def summary(run, threads):
    ratios = [found for cell in cells(run, threads) if (found := report.ratio(cell))]
    return f"{report.geometric(ratios):.3f} (largest {max(ratios):.3f})" if ratios else "–"


def summaries(runs):
    """Geometric mean and largest ratio of each run at each number of threads."""
    counts = sorted({cell["threads"] for run in runs for cell in run["cells"]})
    head = ["run", *(f"{count} thread{'s' if count > 1 else ''}" for count in counts)]
    rows = [[run["machine"]["began"], *(summary(run, count) for count in counts)] for run in runs]
    return report.table(head, rows)


def blocks(given):
    """Each block's text by its mark."""
    first = given.runs[0]
    if not (cells(first, 1) and cells(first, 2)):
        raise SystemExit("page.py: error: the first run must have both one thread and two (--threads 1,2)")
    one = report.section(cells(first, 1), 1)
    found = {
        "measured": report.measured(first), "runs": summaries(given.runs),
        "one thread": one[1], "two threads": report.section(cells(first, 2), 2)[1],
        "loading": table_after(one, report.LOADING), "memory": table_after(one, report.MEMORY)}
    for mark, run in (("others", given.others), ("batch", given.batch), ("streams", given.streams)):
        if run:
            threads = run["cells"][0]["threads"]
            # What it is, the table, and the geometric mean.
            found[mark] = "\n\n".join(report.section(cells(run, threads), threads)[:3])
    return found


def table_after(parts, title):
    return parts[parts.index(title) + 1]


def main():
    given = arguments()
    page = given.page.read_text()
    for mark, text in blocks(given).items():
        block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not block.search(page):
            raise SystemExit(f"page.py: error: {given.page} has no block <!-- {mark} -->")
        page = block.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page)
    given.page.write_text(page)
    report.plot(given.runs[0], given.page.with_name("performance.svg"))


if __name__ == "__main__":
    main()
