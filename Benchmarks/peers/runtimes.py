"""The peers, each at its best in float32. What a constructor imports does not count as loading."""

import numpy as np


class PyTorch:
    """A trace, as it was saved."""

    def __init__(self, folder, threads, streams):
        import torch

        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        self.torch, self.path, self.streams = torch, str(folder / "model.pt"), streams

    def load(self):
        self.module = self.torch.jit.load(self.path).eval()

    def runs(self, x):
        tensor = self.torch.from_numpy(x)

        def run():
            with self.torch.inference_mode():
                return self.module(tensor)

        return [lambda: first(run()).numpy()] * self.streams


class PyTorchFrozen(PyTorch):
    def load(self):
        super().load()
        self.module = self.torch.jit.freeze(self.module)


class PyTorchOptimized(PyTorch):
    def load(self):
        super().load()
        self.module = self.torch.jit.optimize_for_inference(self.module)


class ONNXRuntime:
    def __init__(self, folder, threads, streams):
        import onnxruntime

        self.path, self.streams = str(folder / "model.onnx"), streams
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1
        self.options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.options.log_severity_level = 3
        self.InferenceSession = onnxruntime.InferenceSession

    def load(self):
        self.session = self.InferenceSession(
            self.path, self.options, providers=["CPUExecutionProvider"])

    def runs(self, x):
        name = self.session.get_inputs()[0].name
        return [lambda: self.session.run(None, {name: x})[0]] * self.streams


class OpenVINO:
    def __init__(self, folder, threads, streams):
        import openvino

        self.path, self.streams = str(folder / "model.xml"), streams
        self.core = openvino.Core()
        self.settings = {
            "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
            "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": threads * streams}

    def load(self):
        self.model = self.core.compile_model(self.path, "CPU", self.settings)

    def runs(self, x):
        def make():
            request = self.model.create_infer_request()
            request.set_input_tensor(self.tensor(x))

            def run():
                request.infer()
                return request.get_output_tensor(0).data.copy()

            return run

        return [make() for _ in range(self.streams)]

    def tensor(self, x):
        import openvino

        return openvino.Tensor(x)


class NCNN:
    """float16 and bfloat16 off. It has no batch: items run one after the other."""

    def __init__(self, folder, threads, streams):
        import ncnn

        self.ncnn, self.path = ncnn, str(folder / "single.ncnn")
        self.net = ncnn.Net()
        options = self.net.opt
        options.use_vulkan_compute = False
        options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
        options.use_bf16_storage = options.use_bf16_packed = False
        options.num_threads = threads

    def load(self):
        if self.net.load_param(self.path + ".param") or self.net.load_model(self.path + ".bin"):
            raise RuntimeError("ncnn does not load the model")

    def runs(self, x):
        kind = np.int32 if x.dtype == np.int64 else np.float32
        items = [self.ncnn.Mat(np.ascontiguousarray(item, dtype=kind)).clone() for item in x]
        source, target = self.net.input_names()[0], self.net.output_names()[0]

        def item(mat):
            with self.net.create_extractor() as extractor:
                extractor.input(source, mat)
                failed, result = extractor.extract(target)
                if failed:
                    raise RuntimeError("ncnn does not give the output")
                return np.array(result)

        return [lambda: np.stack([item(mat) for mat in items])]


class MNN:
    def __init__(self, folder, threads, streams):
        import MNN.expr
        import MNN.nn

        self.nn, self.expr, self.path, self.threads = MNN.nn, MNN.expr, str(folder / "model.mnn"), threads

    def load(self):
        manager = self.nn.create_runtime_manager(
            ({"backend": "CPU", "precision": "high", "numThread": self.threads},))
        self.net = self.nn.load_module_from_file(
            self.path, ["input"], ["output"], runtime_manager=manager, shape_mutable=False)

    def runs(self, x):
        kind = self.expr.int if x.dtype == np.int64 else self.expr.float
        values = x.astype(np.int32) if x.dtype == np.int64 else x
        variable = self.expr.const(values, list(x.shape), self.expr.NCHW, kind)

        def run():
            result = self.net.forward([variable])[0]
            return np.array(self.expr.convert(result, self.expr.NCHW).read(), copy=True)

        return [run]


def first(value):
    while isinstance(value, (list, tuple)):
        value = value[0]
    return value


RUNTIMES = {
    "pytorch": PyTorch,
    "pytorch-frozen": PyTorchFrozen,
    "pytorch-optimized": PyTorchOptimized,
    "onnxruntime": ONNXRuntime,
    "openvino": OpenVINO,
    "ncnn": NCNN,
    "mnn": MNN,
}

# Their Python calls hold the interpreter's lock, so that streams of theirs are processes.
LOCKED = {"ncnn", "mnn"}
