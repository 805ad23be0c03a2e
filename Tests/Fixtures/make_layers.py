"""Golden layers: what PyTorch's seeded layers hold, print and compute, for Tests/NNTests.

Each case is seeded, built, printed and run; Tests/NNTests/LayerCases*.swift builds the same under the
same name. Writes layers/layers.json and layers/layers.safetensors:

    <name>/state/<key>   the state dictionary after construction
    <name>/in/<i>        the inputs
    <name>/eval/<i>      the flattened result in inference
    <name>/train/<i>     the flattened result in training, where the case asks for it
    <name>/after/<key>   the buffers after that run in training
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
CASES, TENSORS = {}, {}


def rand(*sizes):
    return torch.randn(*sizes, generator=RANDOM)


def ints(high, *sizes):
    return torch.randint(0, high, sizes, generator=RANDOM)


def flat(value):
    if value is None:
        return []
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value for tensor in flat(item)]


def case(name, make, *inputs, call=None, train=False, seeded_run=False, weights=True):
    """A layer run on inputs: sizes stand for normal numbers. `weights=False` keeps them out of the file."""
    assert name not in CASES, name
    torch.manual_seed(len(CASES))
    layer = make()
    inputs = [rand(*x) if isinstance(x, tuple) else x for x in inputs]
    call = call or (lambda layer, *xs: layer(*xs))
    entry = {"seed": len(CASES), "repr": repr(layer), "keys": list(layer.state_dict())}
    put(name, "state", layer.state_dict() if weights else {})
    put(name, "in", inputs)
    with torch.no_grad():
        if train:
            if seeded_run:
                torch.manual_seed(len(CASES))
                entry["seededRun"] = True
            put(name, "train", flat(call(layer.train(), *inputs)))
            put(name, "after", dict(layer.named_buffers()))
            entry["train"] = True
        put(name, "eval", flat(call(layer.eval(), *inputs)))
    CASES[name] = entry


def put(name, kind, tensors):
    pairs = tensors.items() if isinstance(tensors, dict) else enumerate(tensors)
    for key, tensor in pairs:
        TENSORS[f"{name}/{kind}/{key}"] = tensor.detach().clone().contiguous()


RANDOM = torch.Generator().manual_seed(1)
# Traces hold the plain path, and the fast one takes masks of numbers for truth values.
torch.backends.mha.set_fastpath_enabled(False)

# Linear
case("linear", lambda: nn.Linear(5, 3), (4, 5))
case("linear.noBias", lambda: nn.Linear(3, 2, bias=False), (2, 2, 3))
case("linear.vector", lambda: nn.Linear(3, 2), (3,))
case("bilinear", lambda: nn.Bilinear(3, 4, 2), (5, 3), (5, 4))
case("bilinear.noBias", lambda: nn.Bilinear(2, 3, 2, bias=False), (2, 3, 2), (2, 3, 3))
case("identity", lambda: nn.Identity(), (2, 3))

# Convolution
case("conv1d", lambda: nn.Conv1d(2, 3, 3), (2, 2, 7))
case("conv1d.same", lambda: nn.Conv1d(2, 4, 4, padding="same", dilation=2, groups=2), (1, 2, 9))
case("conv1d.circular", lambda: nn.Conv1d(2, 2, 3, padding=2, padding_mode="circular"), (2, 2, 5))
case("conv2d", lambda: nn.Conv2d(3, 4, 3, stride=2, padding=1), (2, 3, 7, 6))
case("conv2d.rectangular", lambda: nn.Conv2d(2, 3, (1, 3), stride=(2, 1), padding=(0, 1), dilation=(1, 2), bias=False), (1, 2, 5, 9))
case("conv2d.depthwise", lambda: nn.Conv2d(4, 8, 3, groups=4), (1, 4, 5, 5))
case("conv2d.unbatched", lambda: nn.Conv2d(2, 2, 2), (2, 4, 3))
case("conv2d.valid", lambda: nn.Conv2d(2, 2, 2, padding="valid"), (1, 2, 4, 3))
case("conv2d.reflect", lambda: nn.Conv2d(2, 2, 3, padding=(1, 2), padding_mode="reflect"), (1, 2, 4, 5))
case("conv2d.replicateSame", lambda: nn.Conv2d(2, 2, (2, 3), padding="same", padding_mode="replicate"), (1, 2, 4, 5))
case("conv3d", lambda: nn.Conv3d(2, 2, (2, 1, 3), padding=(1, 0, 1)), (1, 2, 3, 4, 5))
case("convTranspose1d", lambda: nn.ConvTranspose1d(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2), (2, 2, 5))
case("convTranspose2d", lambda: nn.ConvTranspose2d(3, 2, (2, 3), stride=2, dilation=(1, 2), bias=False), (1, 3, 4, 3))
case("convTranspose2d.size", lambda: nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1), (1, 2, 4, 3), call=lambda m, x: m(x, output_size=[8, 5]))
case("convTranspose3d", lambda: nn.ConvTranspose3d(2, 2, 2, stride=(1, 2, 1)), (1, 2, 2, 3, 2))

# Normalisation
case("batchNorm1d", lambda: nn.BatchNorm1d(3), (5, 3), train=True)
case("batchNorm1d.sequence", lambda: nn.BatchNorm1d(3, eps=1e-3, momentum=0.3), (2, 3, 5), train=True)
case("batchNorm2d", lambda: nn.BatchNorm2d(2), (3, 2, 4, 5), train=True)
case("batchNorm2d.plain", lambda: nn.BatchNorm2d(2, affine=False, track_running_stats=False), (3, 2, 2, 2), train=True)
case("batchNorm2d.average", lambda: nn.BatchNorm2d(2, momentum=None), (3, 2, 2, 2), train=True)
case("batchNorm2d.noBias", lambda: nn.BatchNorm2d(2, bias=False), (3, 2, 2, 2))
case("batchNorm3d", lambda: nn.BatchNorm3d(2), (2, 2, 3, 2, 2), train=True)
case("groupNorm", lambda: nn.GroupNorm(2, 6), (2, 6, 3, 2))
case("groupNorm.plain", lambda: nn.GroupNorm(3, 6, eps=0.1, affine=False), (2, 6))
case("layerNorm", lambda: nn.LayerNorm(6), (2, 3, 6))
case("layerNorm.shape", lambda: nn.LayerNorm([3, 4], eps=1e-12, bias=False), (2, 3, 4))
case("layerNorm.plain", lambda: nn.LayerNorm((5,), elementwise_affine=False), (2, 5))
case("rmsNorm", lambda: nn.RMSNorm(6), (2, 6))
case("rmsNorm.eps", lambda: nn.RMSNorm([2, 3], eps=1e-3, elementwise_affine=False), (4, 2, 3))
case("instanceNorm1d", lambda: nn.InstanceNorm1d(3), (2, 3, 5))
case("instanceNorm2d", lambda: nn.InstanceNorm2d(3, affine=True), (2, 3, 4, 3))
case("instanceNorm2d.unbatched", lambda: nn.InstanceNorm2d(3), (3, 4, 3))
case("instanceNorm2d.tracking", lambda: nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 4, 3), train=True)
case("instanceNorm3d", lambda: nn.InstanceNorm3d(2), (1, 2, 2, 3, 2))
case("localResponseNorm", lambda: nn.LocalResponseNorm(2), (2, 5, 4))
case("localResponseNorm.image", lambda: nn.LocalResponseNorm(3, alpha=0.1, beta=0.5, k=2.0), (2, 5, 3, 2))

# Embedding
case("embedding", lambda: nn.Embedding(7, 3), ints(7, 2, 4))
case("embedding.padding", lambda: nn.Embedding(5, 3, padding_idx=-1), ints(5, 6))

# Pooling
case("maxPool1d", lambda: nn.MaxPool1d(3, stride=2, padding=1), (2, 2, 7))
case("maxPool2d", lambda: nn.MaxPool2d(2), (1, 2, 5, 6))
case("maxPool2d.ceil", lambda: nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), ceil_mode=True), (1, 2, 6, 5))
case("maxPool2d.indices", lambda: nn.MaxPool2d(2, return_indices=True), (1, 2, 5, 6))
case("maxPool3d", lambda: nn.MaxPool3d(2, stride=1), (1, 2, 3, 4, 3))
case("avgPool1d", lambda: nn.AvgPool1d(3, stride=2, padding=1), (2, 2, 7))
case("avgPool2d", lambda: nn.AvgPool2d(2, ceil_mode=True), (1, 2, 5, 6))
case("avgPool2d.excluding", lambda: nn.AvgPool2d((3, 2), stride=2, padding=(1, 0), count_include_pad=False), (1, 2, 5, 6))
case("avgPool2d.divisor", lambda: nn.AvgPool2d(2, divisor_override=3), (1, 2, 4, 4))
case("avgPool3d", lambda: nn.AvgPool3d((2, 1, 2)), (1, 2, 3, 4, 5))
case("adaptiveAvgPool1d", lambda: nn.AdaptiveAvgPool1d(3), (2, 2, 7))
case("adaptiveAvgPool2d", lambda: nn.AdaptiveAvgPool2d((2, 3)), (1, 2, 5, 7))
case("adaptiveAvgPool2d.one", lambda: nn.AdaptiveAvgPool2d(1), (1, 2, 5, 7))
case("adaptiveAvgPool2d.kept", lambda: nn.AdaptiveAvgPool2d((None, 2)), (1, 2, 5, 7))
case("adaptiveAvgPool3d", lambda: nn.AdaptiveAvgPool3d(2), (1, 2, 3, 4, 5))
case("adaptiveMaxPool1d", lambda: nn.AdaptiveMaxPool1d(3), (2, 2, 7))
case("adaptiveMaxPool2d", lambda: nn.AdaptiveMaxPool2d((2, 3)), (1, 2, 5, 7))
case("adaptiveMaxPool2d.indices", lambda: nn.AdaptiveMaxPool2d(2, return_indices=True), (1, 2, 5, 7))
case("adaptiveMaxPool3d", lambda: nn.AdaptiveMaxPool3d((1, 2, 3)), (1, 2, 3, 4, 5))

# Space and channels
case("upsample", lambda: nn.Upsample(scale_factor=2), (1, 2, 3, 2))
case("upsample.size", lambda: nn.Upsample(size=(5, 4), mode="bilinear"), (1, 2, 3, 2))
case("upsample.number", lambda: nn.Upsample(size=4, mode="linear", align_corners=True), (1, 2, 3))
case("upsample.cubic", lambda: nn.Upsample(scale_factor=(1.5, 2.5), mode="bicubic", align_corners=False), (1, 1, 4, 3))
case("upsamplingNearest2d", lambda: nn.UpsamplingNearest2d(size=5), (1, 2, 3, 2))
case("upsamplingBilinear2d", lambda: nn.UpsamplingBilinear2d(scale_factor=2), (1, 2, 3, 2))
case("pixelShuffle", lambda: nn.PixelShuffle(2), (1, 8, 2, 3))
case("pixelUnshuffle", lambda: nn.PixelUnshuffle(2), (1, 2, 4, 6))
case("channelShuffle", lambda: nn.ChannelShuffle(2), (1, 6, 2, 2))
case("flatten", lambda: nn.Flatten(), (2, 3, 4))
case("flatten.part", lambda: nn.Flatten(0, 1), (2, 3, 4))
case("unflatten", lambda: nn.Unflatten(1, (2, 3)), (2, 6, 2))
case("unfold", lambda: nn.Unfold((2, 3), dilation=2, padding=1, stride=(1, 2)), (1, 2, 5, 6))
case("fold", lambda: nn.Fold((4, 5), (2, 2)), (1, 8, 12))
for kind, sizes in [("1d", (1, 2, 5)), ("2d", (1, 2, 4, 5)), ("3d", (1, 2, 3, 4, 5))]:
    count = int(kind[0])
    for name in ["Reflection", "Replication", "Circular", "Zero"]:
        case(f"{name.lower()}Pad{kind}", lambda: getattr(nn, f"{name}Pad{kind}")(1), sizes)
    case(f"constantPad{kind}", lambda: getattr(nn, f"ConstantPad{kind}")(tuple([1, 2] * count), 3.5), sizes)
case("zeroPad2d.cut", lambda: nn.ZeroPad2d((1, -1, 2, 0)), (1, 2, 4, 5))

# Dropout
case("dropout", lambda: nn.Dropout(0.3), (4, 5), train=True, seeded_run=True)
case("dropout1d", lambda: nn.Dropout1d(), (2, 3, 4), train=True, seeded_run=True)
case("dropout2d", lambda: nn.Dropout2d(0.4, inplace=True), (2, 3, 2, 2))
case("dropout3d", lambda: nn.Dropout3d(), (1, 2, 2, 2, 2))
case("alphaDropout", lambda: nn.AlphaDropout(0.2), (3, 4), train=True, seeded_run=True)
case("featureAlphaDropout", lambda: nn.FeatureAlphaDropout(0.2), (3, 4))

# Activations
SPREAD = torch.cat([torch.linspace(-7, 7, 15), torch.tensor([-0.5, 0.5, 25, -25, float("inf"), -float("inf"), float("nan")])])
for name in ["ReLU", "ReLU6", "SiLU", "Mish", "SELU", "Hardsigmoid", "Hardswish", "Sigmoid", "LogSigmoid",
             "Tanh", "Tanhshrink", "Softsign", "ELU", "CELU", "LeakyReLU", "RReLU", "Hardtanh", "Softplus", "Hardshrink", "Softshrink", "PReLU"]:
    case(name, lambda: getattr(nn, name)(), SPREAD)
# On this machine PyTorch's fast GELU of +inf is NaN; its plain one is +inf, as here.
case("GELU", lambda: nn.GELU(), SPREAD[SPREAD.abs() != float("inf")])
case("RReLU.training", lambda: nn.RReLU(), (3, 4), train=True, seeded_run=True)
case("ReLU.inplace", lambda: nn.ReLU(inplace=True), (3,))
case("Hardswish.inplace", lambda: nn.Hardswish(inplace=True), (3,))
case("ELU.alpha", lambda: nn.ELU(0.5, inplace=True), SPREAD)
case("CELU.alpha", lambda: nn.CELU(2.0), SPREAD)
case("LeakyReLU.slope", lambda: nn.LeakyReLU(0.2, inplace=True), SPREAD)
case("RReLU.range", lambda: nn.RReLU(0.1, 0.4), SPREAD)
case("Hardtanh.range", lambda: nn.Hardtanh(-2.0, 0.5), SPREAD)
case("Threshold", lambda: nn.Threshold(0.1, 20.0), SPREAD)
case("GELU.tanh", lambda: nn.GELU("tanh"), SPREAD)
case("Softplus.beta", lambda: nn.Softplus(2.0, 5.0), SPREAD)
case("Hardshrink.wide", lambda: nn.Hardshrink(1.5), SPREAD)
case("Softshrink.wide", lambda: nn.Softshrink(1.5), SPREAD)
case("PReLU.channels", lambda: nn.PReLU(3, init=0.1), (2, 3, 4))
case("GLU", lambda: nn.GLU(), (2, 3, 6))
case("GLU.dim", lambda: nn.GLU(1), (2, 4, 3))
for name in ["Softmax", "Softmin", "LogSoftmax"]:
    case(name, lambda: getattr(nn, name)(dim=-1), (2, 3, 4))
    case(f"{name}.implicit", lambda: getattr(nn, name)(), (2, 3))
case("Softmax2d", lambda: nn.Softmax2d(), (2, 3, 2, 2))
case("cosineSimilarity", lambda: nn.CosineSimilarity(), (3, 4), (3, 4))
case("cosineSimilarity.dim", lambda: nn.CosineSimilarity(dim=0, eps=1e-6), (3, 4), (3, 4))

# Recurrent networks
case("rnn", lambda: nn.RNN(3, 4), (5, 2, 3))
case("rnn.relu", lambda: nn.RNN(3, 2, 2, nonlinearity="relu", bias=False, batch_first=True), (2, 5, 3), (2, 2, 2))
case("gru", lambda: nn.GRU(3, 4, num_layers=2, bidirectional=True), (5, 2, 3))
case("gru.state", lambda: nn.GRU(2, 3, batch_first=True), (2, 4, 2), (1, 2, 3))
case("lstm", lambda: nn.LSTM(3, 4), (5, 2, 3))
case("lstm.deep", lambda: nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True), (2, 4, 3))
case("lstm.unbatched", lambda: nn.LSTM(3, 2, bias=False), (4, 3), (1, 2), (1, 2), call=lambda m, x, h, c: m(x, (h, c)))
case("lstm.dropout", lambda: nn.LSTM(2, 2, num_layers=2, dropout=0.5), (3, 1, 2))
case("rnnCell", lambda: nn.RNNCell(3, 4), (2, 3))
case("rnnCell.relu", lambda: nn.RNNCell(3, 2, bias=False, nonlinearity="relu"), (2, 3), (2, 2))
case("gruCell", lambda: nn.GRUCell(3, 4), (2, 3), (2, 4))
case("lstmCell", lambda: nn.LSTMCell(3, 2), (2, 3))
case("lstmCell.unbatched", lambda: nn.LSTMCell(3, 2), (3,), (2,), (2,), call=lambda m, x, h, c: m(x, (h, c)))

# Attention
case("attention", lambda: nn.MultiheadAttention(6, 2), (3, 2, 6), call=lambda m, x: m(x, x, x))
case("attention.fused", lambda: nn.MultiheadAttention(6, 3, batch_first=True), (2, 3, 6), call=lambda m, x: m(x, x, x, need_weights=False))
case("attention.cross", lambda: nn.MultiheadAttention(4, 2, bias=False), (3, 2, 4), (5, 2, 4), call=lambda m, q, k: m(q, k, k, average_attn_weights=False))
case("attention.sizes", lambda: nn.MultiheadAttention(4, 2, kdim=3, vdim=5, batch_first=True), (2, 3, 4), (2, 5, 3), (2, 5, 5))
case("attention.extra", lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True, dropout=0.1), (3, 2, 4), (4, 2, 4), (4, 2, 4), torch.tensor([[False, True, False, False], [False, False, False, True]]), call=lambda m, q, k, v, p: m(q, k, v, key_padding_mask=p))
case("attention.masks", lambda: nn.MultiheadAttention(4, 2, batch_first=True), (2, 3, 4), torch.tensor([[False, False, True], [False, False, False]]), torch.ones(3, 3).triu(1).bool(), call=lambda m, x, p, a: m(x, x, x, key_padding_mask=p, attn_mask=a, need_weights=False))
case("attention.unbatched", lambda: nn.MultiheadAttention(4, 2), (3, 4), (4, 3, 3)[1:], call=lambda m, x, a: m(x, x, x, attn_mask=a))
case("attention.headMasks", lambda: nn.MultiheadAttention(4, 2), (3, 2, 4), (4, 3, 3), call=lambda m, x, a: m(x, x, x, attn_mask=a))
case("attention.causal", lambda: nn.MultiheadAttention(4, 2), (3, 2, 4), torch.full((3, 3), -float("inf")).triu(1), call=lambda m, x, a: m(x, x, x, attn_mask=a, is_causal=True, need_weights=False))
case("encoderLayer", lambda: nn.TransformerEncoderLayer(4, 2, dim_feedforward=6), (3, 2, 4))
case("encoderLayer.normFirst", lambda: nn.TransformerEncoderLayer(4, 2, 6, activation="gelu", norm_first=True, batch_first=True, dropout=0.0), (2, 3, 4), (3, 3), call=lambda m, x, a: m(x, src_mask=a))

# Containers
case("sequential", lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 2), nn.Tanh())), (2, 3))


class Blocks(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(3, 3) for _ in range(3)] + [nn.Linear(3, 3, bias=False)])
        self.scale = nn.Parameter(torch.ones(3))
        self.heads = nn.ModuleDict({"left": nn.Linear(3, 1), "right": nn.Sequential(nn.ReLU(), nn.Linear(3, 1))})
        self.register_buffer("offset", torch.zeros(3))
        self.register_buffer("hidden", torch.zeros(3), persistent=False)
        self.tied = self.blocks[0]
        self.absent = None

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        x = self.tied(x * self.scale + self.offset)
        return self.heads["left"](x), self.heads["right"](x)


case("blocks", Blocks, (2, 3))

save_file(TENSORS, HERE / "layers" / "layers.safetensors")
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in CASES.items())
(HERE / "layers" / "layers.json").write_text("{\n" + lines + "\n}\n")
