"""An archive through PNNX into ncnn, and what ncnn makes of inputs."""

import pathlib
import subprocess
import sys

import numpy as np

TOLERANCE = 1e-3


def convert(archive: pathlib.Path, shapes=(), second=()) -> pathlib.Path:
    """ncnn's files beside the archive, weights in full precision; the path without .param and .bin.

    Without shapes PNNX takes those that the archive carries.
    """
    command = [pathlib.Path(sys.executable).parent / "pnnx", archive.name, "fp16=0"]
    for name, sizes in (("inputshape", shapes), ("inputshape2", second)):
        if sizes:
            text = ",".join(f"[{','.join(map(str, shape))}]f32" for shape in sizes)
            command.append(f"{name}={text}")
    done = subprocess.run(command, cwd=archive.parent, capture_output=True, text=True)
    model = archive.parent / f"{archive.stem.replace('-', '_')}.ncnn"
    if done.returncode or not model.with_suffix(".ncnn.param").exists():
        raise RuntimeError(f"pnnx failed: {(done.stderr or done.stdout)[-300:]}")
    ignored = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("ignore ")]
    if ignored:
        raise RuntimeError(f"pnnx: {'; '.join(ignored[:3])}")
    return model


def run(model: pathlib.Path, picture: np.ndarray) -> list[np.ndarray]:
    """ncnn's outputs for one picture [1, C, H, W], in order."""
    import ncnn

    with ncnn.Net() as net:
        net.opt.use_vulkan_compute = False
        net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
        net.opt.use_bf16_storage = False
        net.opt.num_threads = 2
        if net.load_param(str(model) + ".param") or net.load_model(str(model) + ".bin"):
            raise RuntimeError("ncnn does not load the model")
        with net.create_extractor() as extractor:
            extractor.input(net.input_names()[0], ncnn.Mat(np.ascontiguousarray(picture[0])).clone())
            outputs = []
            for name in net.output_names():
                status, result = extractor.extract(name)
                if status:
                    raise RuntimeError(f"ncnn does not give {name}")
                outputs.append(np.array(result))
            return outputs


def compare(model: pathlib.Path, picture: np.ndarray, expected: list[np.ndarray]) -> str | None:
    """How ncnn's outputs differ from those expected, whose first axis is the batch of one."""
    got = run(model, picture)
    if len(got) != len(expected):
        return f"ncnn gives {len(got)} outputs, expected {len(expected)}"
    for index, (ours, theirs) in enumerate(zip(got, expected)):
        if ours.size != theirs.size:
            return f"ncnn's output {index} is {ours.shape}, expected {theirs.shape}"
        error = np.abs(ours.ravel() - theirs.ravel()).max() / max(np.abs(theirs).max(), 1e-30)
        if not error <= TOLERANCE:
            return f"ncnn's output {index} differs by {error:.2g} of the largest"
    return None
