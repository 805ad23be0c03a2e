"""Writes a model in the format of every runtime: export.py MODEL BATCH FOLDER.

What is there already stays. A format that cannot be written leaves FORMAT.error with the reason.
"""

import contextlib
import os
import pathlib
import subprocess
import sys

import numpy as np

FORMATS = ("pt", "onnx", "openvino", "mnn", "ncnn")


def write(name: str, batch: int, folder: pathlib.Path) -> None:
    if (folder / "done").exists():
        return
    import torch

    import models

    model, x = models.make(name), models.example(name, batch)
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        expected = model(x)
        if isinstance(expected, (list, tuple)):
            expected = expected[0]
        assert expected.std() > 1e-3 * expected.abs().max(), "the answer says nothing"
        np.save(folder / "input.npy", x.numpy())
        np.save(folder / "expected.npy", expected.numpy())
        traced = torch.jit.trace(model, x, strict=False, check_trace=False)
    traced.save(str(folder / "model.pt"))
    for kind, export in (("onnx", _onnx), ("openvino", _openvino), ("mnn", _mnn), ("ncnn", _ncnn)):
        (folder / f"{kind}.error").unlink(missing_ok=True)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                export(name, model, x, folder)
        except Exception as error:  # noqa: BLE001  (one runtime's failure is its own)
            (folder / f"{kind}.error").write_text(f"{type(error).__name__}: {error}"[:2000])
    (folder / "done").touch()


def _onnx(name, model, x, folder):
    import torch

    with torch.no_grad():
        torch.onnx.export(
            model, (x,), str(folder / "model.onnx"), opset_version=17, dynamo=False,
            input_names=["input"], output_names=["output"])


def _openvino(name, model, x, folder):
    import openvino

    converted = openvino.convert_model(str(folder / "model.onnx"))
    openvino.save_model(converted, str(folder / "model.xml"), compress_to_fp16=False)


def _mnn(name, model, x, folder):
    _call([
        _tool("mnnconvert"), "-f", "ONNX", "--modelFile", "model.onnx", "--MNNModel", "model.mnn",
        "--bizCode", "MNN"], folder)


def _ncnn(name, model, x, folder):
    """ncnn has no batch: its model is of one item, and the worker runs it for each."""
    import torch

    one = x[:1]
    with torch.no_grad():
        traced = torch.jit.trace(model, one, strict=False, check_trace=False)
    traced.save(str(folder / "single.pt"))
    kind = "i64" if one.dtype == torch.int64 else "f32"
    sizes = ",".join(map(str, one.shape))
    _call([_tool("pnnx"), "single.pt", "fp16=0", f"inputshape=[{sizes}]{kind}"], folder)
    if not (folder / "single.ncnn.param").exists():
        raise RuntimeError("pnnx wrote nothing for ncnn")
    for path in folder.glob("single.*"):
        if not path.name.startswith("single.ncnn.") or path.suffix == ".py":
            path.unlink()
    for path in folder.glob("single_*.py"):
        path.unlink()


def _tool(name):
    """A package's command: beside the interpreter, or where else the packages come from."""
    beside = pathlib.Path(sys.executable).parent / name
    if beside.exists():
        return str(beside)
    for path in map(pathlib.Path, sys.path):
        for candidate in (path / name / name, path.parents[2] / "bin" / name if len(path.parts) > 3 else path):
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return str(candidate)
    return name


def _call(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {(done.stderr or done.stdout)[-500:]}")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]))
