"""Compares what Martlet makes of archives of single operators and layers with PyTorch, and what it saves of them.

    check_operators.py [--only BEGINNING …] [--keep FOLDER] [--from FOLDER]
"""

import contextlib
import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import torchvision_operators  # noqa: F401
from archive_check import arguments, check_all, folder, report


def main():
    options = arguments()
    if options.source:
        entries = json.loads((pathlib.Path(options.source) / "operators" / "manifest.json").read_text())
        entries = [e for e in entries if not options.only or e["name"].startswith(tuple(options.only))]
        path, temporary = folder(None)
    else:
        from operator_catalogue import operators
        from write_archives import write_all

        path, temporary = folder(options.keep)
        # What PyTorch itself refuses is no case: tables are crossed with every dtype.
        with contextlib.redirect_stderr(io.StringIO()):
            entries, refused = write_all(operators(options.only), path)
        print(f"{len(entries)} cases, {len(refused)} that PyTorch refuses")
    sys.exit(report(check_all(entries, path)) > 0)


if __name__ == "__main__":
    main()
