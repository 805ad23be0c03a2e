"""Small models quantised by torch.ao's eager mode, statically and dynamically."""

import warnings

import torch
from torch import nn
from torch.ao import quantization

from case import Case, disturb


class _Network(nn.Module):
    """Convolutions with and without ReLU, a residual sum, concatenation, pooling, linear layers."""

    def __init__(self):
        super().__init__()
        self.quant, self.dequant = quantization.QuantStub(), quantization.DeQuantStub()
        self.conv1, self.bn1, self.relu1 = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU()
        self.conv2, self.relu2 = nn.Conv2d(8, 8, 3, padding=1, groups=4), nn.ReLU()
        self.conv3 = nn.Conv2d(8, 8, 1, stride=1)
        self.sum, self.join = nn.quantized.FloatFunctional(), nn.quantized.FloatFunctional()
        self.sum_relu = nn.quantized.FloatFunctional()
        self.pool = nn.MaxPool2d(2)
        self.fc1, self.relu3 = nn.Linear(16, 12), nn.ReLU()
        self.fc2 = nn.Linear(12, 5)

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv1(self.quant(x))))
        y = self.relu2(self.conv2(x))
        z = self.sum.add(self.conv3(y), x)
        z = self.sum_relu.add_relu(z, y)
        z = self.pool(self.join.cat([z, x], dim=1))
        z = nn.functional.adaptive_avg_pool2d(z, 1).flatten(1)
        return self.dequant(self.fc2(self.relu3(self.fc1(z))))


def _static(engine, compile):
    def make():
        warnings.simplefilter("ignore")
        torch.backends.quantized.engine = engine
        model = disturb(_Network())
        model.qconfig = quantization.get_default_qconfig(engine)
        fused = quantization.fuse_modules(
            model, [["conv1", "bn1", "relu1"], ["conv2", "relu2"], ["fc1", "relu3"]])
        prepared = quantization.prepare(fused)
        for _ in range(4):
            prepared(torch.randn(2, 3, 12, 12))
        model = quantization.convert(prepared)
        inputs = (torch.randn(1, 3, 12, 12),)
        module = torch.jit.script(model) if compile else torch.jit.trace(model, inputs, check_trace=False)
        # A value on the border of two steps may fall to either side: one step of the result's scale.
        return Case(module, inputs, (torch.randn(3, 3, 16, 16),), tolerance=2e-2)

    return make


def _dynamic():
    warnings.simplefilter("ignore")
    torch.backends.quantized.engine = "fbgemm"
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)).eval()
    model = quantization.quantize_dynamic(model, {nn.Linear})
    x = torch.randn(3, 8)
    return Case(torch.jit.trace(model, x, check_trace=False), (x,), tolerance=2e-2)


def _dynamic_lstm():
    warnings.simplefilter("ignore")
    torch.backends.quantized.engine = "fbgemm"

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.recurrent = nn.LSTM(6, 8)

        def forward(self, x):
            return self.recurrent(x)[0]

    model = quantization.quantize_dynamic(Model().eval(), {nn.LSTM})
    return Case(torch.jit.script(model), (torch.randn(5, 2, 6),), tolerance=2e-2)


MODELS = {
    "quantised_network": _static("fbgemm", False),
    "quantised_network_scripted": _static("fbgemm", True),
    "quantised_network_qnnpack": _static("qnnpack", False),
    "quantised_dynamic": _dynamic,
    "quantised_dynamic_lstm": _dynamic_lstm,
}
