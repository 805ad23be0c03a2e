"""Matrix products, convolutions, pooling, normalisation, resizing, attention, recurrence, Fourier transforms."""

import torchvision_operators  # noqa: F401
from operator_case import layer_case, key, table

_PRODUCTS = [
    "a @ b", "torch.matmul(a, b)", "torch.mm(a, b)", "torch.mv(a, v)", "torch.dot(v, v)",
    "torch.matmul(v, b)", "torch.matmul(v, v)", "torch.matmul(p, b)", "torch.matmul(a, q)",
    "torch.bmm(p, q)", "p @ q", "torch.matmul(p[:, None], q)",
    "torch.addmm(c, a, b)", "torch.addmm(c, a, b, beta=0.5, alpha=2)", "torch.baddbmm(r, p, q)",
    "torch.baddbmm(r, p, q, beta=0, alpha=0.5)", "torch.addmv(c[:, 0], a, v)", "torch.outer(v, v)",
    "torch.ger(v, v)", "torch.inner(a, a)", "torch.tensordot(p, q, dims=([2], [1]))",
    "torch.einsum('ij,jk->ik', a, b)", "torch.einsum('bij,bjk->bik', p, q)",
    "torch.einsum('bij->bji', p)", "torch.einsum('ij,ij->', c, c)",
    "torch.einsum('bij,bjk,bkl->bil', p, q, r.mT)", "torch.einsum('...ij,...jk->...ik', p, q)",
    "torch.einsum('ii->i', a[:, :3])", "torch.einsum('i,j->ij', v, v)", "torch.chain_matmul(a, b)",
    "torch.linalg.multi_dot([a, b])",
    "F.linear(a, b.t())", "F.linear(a, b.t(), b[0])", "F.linear(p, b.t(), b[0])",
    "F.linear(v, b.t())", "F.bilinear(a, a, torch.ones(2, 4, 4))",
    "torch.matmul(a.int().float(), b)", "a.double() @ b.double()", "a.long() @ b.long()",
    "torch.linalg.cross(a[:, :3], a[:, 1:])", "torch._weight_norm(a, v[:3, None], 0)",
    "torch.block_diag(a, b)", "torch.addr(c, a[:, 0], b[0])", "torch.baddbmm(r[0], p, q)",
    "a.matmul(b).t() @ c", "(torch.complex(a, a) @ torch.complex(b, b)).abs()",
]
_CONVOLUTIONS = [
    "F.conv2d(x, w)", "F.conv2d(x, w, b)", "F.conv2d(x, w, b, 2)",
    "F.conv2d(x, w, b, (2, 1), (1, 2))", "F.conv2d(x, w, b, 1, 'same')",
    "F.conv2d(x, w, b, 1, 'valid')", "F.conv2d(x, w, b, 1, 1, 2)", "F.conv2d(x, g, b, 1, 1, 1, 2)",
    "F.conv2d(x, d, None, 1, 1, 1, 4)", "F.conv2d(x[0], w, b)", "F.conv2d(x, w, b, 1, 'same', 2)",
    "F.conv1d(x[0, :, 0], w[:, :, 0])", "F.conv1d(x[:, :, 0], w[:, :, 0], b, 2, 1)",
    "F.conv1d(x[:, :, 0], w[:, :, 0], b, padding='same')",
    "F.conv1d(x[:, :, 0], w[:, :, 0], b, 1, 2, 2)", "F.conv3d(y, k)", "F.conv3d(y, k, b, 2, 1)",
    "F.conv3d(y, k, b, 1, (0, 1, 1), (1, 2, 1))", "F.conv_transpose2d(x, t)",
    "F.conv_transpose2d(x, t, c)",
    "F.conv_transpose2d(x, t, c, 2)", "F.conv_transpose2d(x, t, c, 2, 1, 1)",
    "F.conv_transpose2d(x, t, c, (2, 3), 1, (1, 0), 1, 2)",
    "F.conv_transpose2d(x, t, None, 2, 1, 0, 2, 2)",
    "F.conv_transpose1d(x[:, :, 0], t[:, :, 0], c, 2, 1)",
    "F.conv_transpose3d(y, k.transpose(0, 1), None, 2)", "F.unfold(x, 3)",
    "F.unfold(x, (2, 3), 1, 1, 2)",
    "F.fold(F.unfold(x, 2, stride=2), (8, 8), 2, stride=2)",
    "F.fold(F.unfold(x, 3, padding=1), (9, 9), 3, padding=1)",
    "torch.convolution(x, w, b, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)",
]
_POOLING = [
    "F.max_pool2d(x, 2)", "F.max_pool2d(x, 3, 2, 1)", "F.max_pool2d(x, 3, 2, ceil_mode=True)",
    "F.max_pool2d(x, (2, 3), (1, 2), (1, 1), 1)", "F.max_pool2d(x, 3, 1, 0, 2)",
    "F.max_pool2d(x, 3, 2, 1, return_indices=True)", "F.max_pool1d(x[0], 2)",
    "F.max_pool1d(x[0], 3, 2, 1, ceil_mode=True)", "F.max_pool1d(x[0], 3, 2, return_indices=True)",
    "F.max_pool3d(y, 2)", "F.max_pool3d(y, 2, 1, 1)",
    "F.max_pool3d(y, 2, return_indices=True)", "F.avg_pool2d(x, 2)", "F.avg_pool2d(x, 3, 2, 1)",
    "F.avg_pool2d(x, 3, 2, 1, True)", "F.avg_pool2d(x, 3, 2, 1, False, False)",
    "F.avg_pool2d(x, 3, 2, 1, divisor_override=5)", "F.avg_pool1d(x[0], 3, 2, 1)",
    "F.avg_pool1d(x[0], 2)", "F.avg_pool1d(x[0], 3, 2, 1, True, False)", "F.avg_pool3d(y, 2)",
    "F.avg_pool3d(y, 2, 1, 1, False, False)",
    "F.avg_pool3d(y, (1, 2, 2), divisor_override=3)", "F.adaptive_avg_pool2d(x, 1)",
    "F.adaptive_avg_pool2d(x, (3, 2))", "F.adaptive_avg_pool2d(x, (None, 5))",
    "F.adaptive_avg_pool1d(x[0], 4)", "F.adaptive_avg_pool3d(y, (2, 1, 3))",
    "F.adaptive_max_pool2d(x, (3, 2))", "F.adaptive_max_pool2d(x, 4, return_indices=True)",
    "F.adaptive_max_pool1d(x[0], 4)", "F.adaptive_max_pool1d(x[0], 2, return_indices=True)",
    "F.adaptive_max_pool3d(y, (2, 1, 3))", "F.adaptive_max_pool3d(y, 2, return_indices=True)",
    "F.lp_pool2d(x, 2, 2)", "F.lp_pool1d(x[0], 2, 3, 2)", "F.adaptive_avg_pool2d(x, (9, 9))",
    "F.adaptive_avg_pool2d(x, (12, 5))",
]
_NORMS = [
    "F.layer_norm(x, (9,))", "F.layer_norm(x, (9,), x[0, 0, 0], x[0, 0, 1])",
    "F.layer_norm(x, (9, 9), eps=1e-3)", "F.batch_norm(x, m, s)", "F.batch_norm(x, m, s, m, s)",
    "F.batch_norm(x, m, s, m, s, False, 0.1, 1e-3)", "F.batch_norm(x[:, :, 0, 0], m, s)",
    "F.batch_norm(x, None, None, m, s, True)", "F.instance_norm(x)",
    "F.instance_norm(x, weight=m, bias=s)", "F.instance_norm(x, m, s, use_input_stats=False)",
    "F.group_norm(x, 2)", "F.group_norm(x, 4, m, s)", "F.group_norm(x, 1, m, s, 1e-3)",
    "F.rms_norm(x, (9,))", "F.rms_norm(x, (9,), x[0, 0, 0], 1e-3)", "F.local_response_norm(x, 2)",
]
_RESIZING = [
    "F.interpolate(x, scale_factor=2)", "F.interpolate(x, size=(5, 12))",
    "F.interpolate(x, scale_factor=(1.5, 0.7))",
    "F.interpolate(x, scale_factor=1.5, recompute_scale_factor=True)",
    "F.interpolate(x, size=(5, 12), mode='nearest-exact')",
    "F.interpolate(x, scale_factor=2, mode='bilinear')",
    "F.interpolate(x, size=(5, 12), mode='bilinear', align_corners=True)",
    "F.interpolate(x, size=(5, 12), mode='bilinear', align_corners=False)",
    "F.interpolate(x, scale_factor=0.6, mode='bilinear')",
    "F.interpolate(x, size=(5, 12), mode='bicubic')",
    "F.interpolate(x, scale_factor=2, mode='bicubic', align_corners=True)",
    "F.interpolate(x, size=(5, 12), mode='area')", "F.interpolate(x[0], scale_factor=2)",
    "F.interpolate(x[0], size=5, mode='linear')",
    "F.interpolate(x[0], scale_factor=1.7, mode='linear', align_corners=True)",
    "F.interpolate(x[0], size=5, mode='nearest-exact')", "F.interpolate(y, scale_factor=2)",
    "F.interpolate(y, size=(3, 5, 7), mode='nearest-exact')",
    "F.interpolate(y, size=(3, 5, 7), mode='trilinear')",
    "F.interpolate(y, scale_factor=1.5, mode='trilinear', align_corners=True)",
    "F.interpolate(x, size=(x.size(2) * 2, x.size(3) // 2))",
    "F.upsample(x, scale_factor=2, mode='bilinear')", "F.grid_sample(x, g)",
    "F.grid_sample(x, g, 'nearest', 'border', False)",
    "F.grid_sample(x, g, 'bilinear', 'reflection', True)",
    "F.grid_sample(x, g, 'bicubic', 'zeros', False)",
    "F.affine_grid(g[:, :2, :3, 0].contiguous(), (2, 4, 5, 6), False)",
    "F.affine_grid(g[:, :2, :3, 0].contiguous(), (2, 4, 5, 6), True)", "F.pad(x, (1, 2))",
    "F.pad(x, (1, 2, 3, 0))", "F.pad(x, (1, 2, 3, 0), value=2.5)",
    "F.pad(x, (-1, 2, 0, -3))", "F.pad(x, (1, 2, 2, 1), mode='reflect')",
    "F.pad(x, (1, 2, 2, 1), mode='replicate')", "F.pad(x, (1, 2, 2, 1), mode='circular')",
    "F.pad(x[0], (3, 1), mode='reflect')", "F.pad(x[0], (3, 1), mode='replicate')",
    "F.pad(y, (1, 1, 1, 1, 1, 1), mode='replicate')",
    "F.pad(y, (1, 1, 1, 1, 1, 1), mode='reflect')", "F.pad(x, (1, 1, 1, 1, 1, 1))",
    "torch.constant_pad_nd(x, (1, 1), 3)",
]
_ATTENTION = [
    "F.scaled_dot_product_attention(q, k, v)",
    "F.scaled_dot_product_attention(q, k, v, is_causal=True)",
    "F.scaled_dot_product_attention(q, k, v, m > 0)", "F.scaled_dot_product_attention(q, k, v, m)",
    "F.scaled_dot_product_attention(q, k, v, scale=0.3)",
    "F.scaled_dot_product_attention(q, k[:, :1], v[:, :1], enable_gqa=True)",
    "F.scaled_dot_product_attention(q[0], k[0], v[0])", "torch.softmax(q @ k.mT / 2, -1) @ v",
]
_FOURIER = [
    f"torch.fft.{name}(x{options})" for name in ("fft", "ifft", "rfft", "ihfft", "hfft", "irfft") for options in ("", ", n=5", ", n=12", ", dim=1", ", norm='ortho'", ", norm='forward'")
] + [
    f"torch.fft.{name}(x{options})" for name in ("fft2", "ifft2", "fftn", "ifftn", "rfft2", "rfftn", "ihfft2", "ihfftn", "hfft2", "hfftn", "irfft2", "irfftn") for options in ("", ", norm='ortho'")
] + [
    "torch.fft.fft(torch.complex(x, y))", "torch.fft.ifft(torch.complex(x, y))",
    "torch.fft.irfft(torch.complex(x, y))", "torch.fft.irfft(torch.complex(x, y), n=7)",
    "torch.fft.hfft(torch.complex(x, y))", "torch.fft.fftshift(x)", "torch.fft.ifftshift(x, 1)",
    "torch.fft.fftfreq(7) + x[0, 0, 0]", "torch.fft.rfftfreq(8) + x[0, 0, 0]",
    "torch.fft.fftn(x, s=(4, 6), dim=(0, 1))", "torch.fft.rfftn(x, dim=(0, 1))",
    "torch.fft.irfftn(torch.fft.rfftn(x, dim=(1, 2)), s=(3, 7), dim=(1, 2))",
    "torch.stft(s, 16, return_complex=True)",
    "torch.stft(s, 16, 5, 12, torch.hann_window(12), return_complex=True)",
    "torch.stft(s, 16, 4, window=torch.hann_window(16), center=False, return_complex=True)",
    "torch.stft(s, 16, 4, window=torch.ones(16), normalized=True, onesided=False, return_complex=True)",
    "torch.stft(s, 16, window=torch.ones(16), pad_mode='constant', return_complex=True).abs()",
    "torch.stft(s[0], 16, window=torch.ones(16), return_complex=True)",
    "torch.istft(torch.stft(s, 16, 4, window=torch.hann_window(16), return_complex=True), 16, 4, window=torch.hann_window(16))",
    "torch.istft(torch.stft(s, 16, 4, window=torch.hann_window(16), return_complex=True), 16, 4, window=torch.hann_window(16), length=50)",
    "torch.istft(torch.stft(s, 16, 4, window=torch.hann_window(16), normalized=True, return_complex=True), 16, 4, window=torch.hann_window(16), normalized=True)",
]
_QUANTISED = [
    "torch.quantize_per_tensor(x, 0.1, 3, torch.quint8).dequantize()",
    "torch.quantize_per_tensor(x, 0.05, 0, torch.qint8).dequantize()",
    "torch.quantize_per_tensor(x, 0.01, 5, torch.qint32).dequantize()",
    "torch.quantize_per_tensor(x, 0.1, 3, torch.quint8).int_repr()",
    "torch.quantize_per_channel(x, torch.tensor([0.1, 0.2, 0.05]), torch.tensor([0, 1, 2]), 1, torch.qint8).dequantize()",
    "torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -128, 127)",
    "torch.quantize_per_tensor(x, 0.1, 3, torch.quint8).view(-1).dequantize()",
    "torch.relu(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8)).dequantize()",
    "F.max_pool2d(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), 2).dequantize()",
    "F.adaptive_avg_pool2d(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), 1).dequantize()",
    "torch.ops.quantized.add(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), torch.quantize_per_tensor(x, 0.217, 1, torch.quint8), 0.231, 4).dequantize()",
    "torch.ops.quantized.cat([torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), torch.quantize_per_tensor(x, 0.2, 1, torch.quint8)], 1, 0.2, 4).dequantize()",
    "torch.ops.quantized.mul(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), torch.quantize_per_tensor(x, 0.217, 1, torch.quint8), 0.231, 4).dequantize()",
    "torch.sigmoid(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8)).dequantize()",
    "F.interpolate(torch.quantize_per_tensor(x, 0.1, 3, torch.quint8), scale_factor=2).dequantize()",
]
_VISION = [
    "torch.ops.torchvision.nms(b, s, 0.3)",
    "torch.ops.torchvision.roi_align(x, torch.cat([r[:, :1] * 0, r[:, 1:3].abs(), r[:, 1:3].abs() + r[:, 3:].abs()], 1), 0.5, 3, 3, 2, False)",
    "torch.ops.torchvision.roi_align(x, torch.cat([r[:, :1] * 0, r[:, 1:3].abs(), r[:, 1:3].abs() + r[:, 3:].abs()], 1), 0.5, 2, 4, -1, True)",
    "torch.ops.torchvision.deform_conv2d(x, w, o, m, c, 1, 1, 1, 1, 1, 1, 1, 1, True)",
    "torch.ops.torchvision.deform_conv2d(x, w, o, m, c, 1, 1, 1, 1, 1, 1, 1, 1, False)",
]
_LAYERS = {
    "f32[2,4,9,9]": """nn.Conv2d(4,6,3) nn.Conv2d(4,6,3,2,1,bias=False)
nn.Conv2d(4,8,3,padding=2,dilation=2,groups=2) nn.Conv2d(4,4,3,padding='same')
nn.Conv2d(4,4,3,padding=1,padding_mode='reflect') nn.Conv2d(4,4,3,padding=1,padding_mode='circular')
nn.ConvTranspose2d(4,6,3,2,1,1) nn.ConvTranspose2d(4,4,2,2,groups=2) nn.BatchNorm2d(4)
nn.BatchNorm2d(4,affine=False) nn.BatchNorm2d(4,track_running_stats=False) nn.GroupNorm(2,4)
nn.InstanceNorm2d(4) nn.InstanceNorm2d(4,affine=True,track_running_stats=True) nn.LayerNorm(9)
nn.LayerNorm([9,9],elementwise_affine=False) nn.RMSNorm(9) nn.LocalResponseNorm(2)
nn.MaxPool2d(2) nn.MaxPool2d(3,2,1,ceil_mode=True) nn.MaxPool2d(2,return_indices=True)
nn.AvgPool2d(3,2,1) nn.AvgPool2d(2,ceil_mode=True,count_include_pad=False) nn.AdaptiveAvgPool2d(1)
nn.AdaptiveAvgPool2d((3,2)) nn.AdaptiveMaxPool2d(3) nn.LPPool2d(2,2) nn.ReLU() nn.ReLU(True)
nn.ReLU6() nn.ELU() nn.SELU() nn.CELU() nn.GELU() nn.GELU('tanh') nn.SiLU() nn.SiLU(True) nn.Mish()
nn.Hardswish() nn.Hardsigmoid() nn.Hardtanh() nn.Hardshrink() nn.Softshrink() nn.Softplus()
nn.Softsign() nn.Tanhshrink() nn.LeakyReLU(0.2) nn.LogSigmoid() nn.PReLU() nn.PReLU(4) nn.RReLU()
nn.Sigmoid() nn.Tanh() nn.Threshold(0.1,5) nn.GLU(1) nn.Softmax(1) nn.LogSoftmax(-1) nn.Softmin(1)
nn.Softmax2d()
nn.Dropout() nn.Dropout2d() nn.AlphaDropout() nn.FeatureAlphaDropout() nn.Identity() nn.Flatten()
nn.Flatten(2,-1) nn.Unflatten(1,(2,2)) nn.PixelShuffle(2) nn.ChannelShuffle(2)
nn.Upsample(scale_factor=2) nn.Upsample(scale_factor=2,mode='bilinear')
nn.Upsample((5,7),mode='bicubic') nn.UpsamplingNearest2d(scale_factor=2)
nn.UpsamplingBilinear2d((5,7)) nn.ZeroPad2d(1) nn.ConstantPad2d((1,2,0,1),3.0) nn.ReflectionPad2d(2)
nn.ReplicationPad2d((1,2,3,0)) nn.CircularPad2d(1) nn.Unfold(3) nn.Linear(9,5)
nn.Linear(9,5,bias=False) torch.nn.utils.weight_norm(nn.Conv2d(4,3,3))
torch.nn.utils.parametrizations.weight_norm(nn.Linear(9,3))
torch.nn.utils.spectral_norm(nn.Linear(9,3))
nn.Sequential(nn.Conv2d(4,4,3),nn.BatchNorm2d(4),nn.ReLU())
nn.Sequential(nn.Conv2d(4,4,1),nn.SiLU(),nn.Sequential(nn.Conv2d(4,2,1),nn.Sigmoid()))
nn.CosineSimilarity() nn.MultiheadAttention(9,3)""".split(),
    "f32[2,4,9]": """nn.Conv1d(4,6,3) nn.Conv1d(4,6,3,2,1,2,2) nn.Conv1d(4,4,3,padding='same')
nn.ConvTranspose1d(4,6,3,2) nn.BatchNorm1d(4) nn.InstanceNorm1d(4) nn.MaxPool1d(2)
nn.MaxPool1d(3,2,1) nn.AvgPool1d(3,2) nn.AdaptiveAvgPool1d(4) nn.AdaptiveMaxPool1d(3)
nn.LPPool1d(2,3) nn.ConstantPad1d(2,1.0) nn.ReflectionPad1d(2) nn.ReplicationPad1d(1)
nn.Upsample(scale_factor=2,mode='linear') nn.Upsample(scale_factor=3) nn.Linear(9,4) nn.Dropout1d()
nn.LSTM(9,5) nn.LSTM(9,5,2,bidirectional=True) nn.LSTM(9,5,batch_first=True,proj_size=3)
nn.LSTM(9,5,bias=False) nn.GRU(9,5) nn.GRU(9,5,2,bidirectional=True,batch_first=True) nn.RNN(9,5)
nn.RNN(9,5,nonlinearity='relu') nn.RNN(9,5,2,bidirectional=True)
nn.TransformerEncoderLayer(9,3,12)
nn.TransformerEncoderLayer(9,3,12,batch_first=True,norm_first=True,activation='gelu')""".split(),
    "f32[1,2,4,5,6]": """nn.Conv3d(2,4,3) nn.Conv3d(2,4,2,2,1,groups=2) nn.ConvTranspose3d(2,3,2,2)
nn.BatchNorm3d(2) nn.InstanceNorm3d(2) nn.MaxPool3d(2) nn.AvgPool3d(2) nn.AdaptiveAvgPool3d((2,3,1))
nn.AdaptiveMaxPool3d(2) nn.ConstantPad3d(1,2.0) nn.ReplicationPad3d(1) nn.ReflectionPad3d(1)
nn.Upsample(scale_factor=2,mode='trilinear') nn.Upsample(scale_factor=2) nn.Dropout3d()
nn.ZeroPad3d(1)""".split(),
    "i64[3,5]<7": """nn.Embedding(7,4) nn.Embedding(7,4,padding_idx=0) nn.EmbeddingBag(7,4)
nn.EmbeddingBag(7,4,mode='sum') nn.EmbeddingBag(7,4,mode='max')""".split(),
    "f32[3,6]": """nn.Linear(6,4) nn.LSTMCell(6,4) nn.GRUCell(6,4) nn.RNNCell(6,4)
nn.RNNCell(6,4,nonlinearity='relu') nn.BatchNorm1d(6) nn.LayerNorm(6,bias=False)
nn.Softmax(-1)""".split(),
}


def operators():
    found = table(
        "product", _PRODUCTS, a="f32[3,4]", b="f32[4,5]", c="f32[3,5]", v="f32[4]",
        p="f32[2,3,4]", q="f32[2,4,5]", r="f32[2,3,5]")
    found |= table(
        "convolution", _CONVOLUTIONS, x="f32[2,4,9,9]", w="f32[6,4,3,3]", b="f32[6]",
        g="f32[6,2,3,3]", d="f32[4,1,3,3]", t="f32[4,3,3,3]", c="f32[3]", y="f32[1,2,4,5,6]",
        k="f32[6,2,2,2,2]")
    # With groups, biases have two times the channels of the weight.
    found |= table(
        "convolution", ["F.conv_transpose2d(x, t, b, 2, 1, 1, 2)", "F.conv_transpose2d(x, t, b, (2, 3), 1, (1, 0), 2)"], x="f32[2,4,9,9]", t="f32[4,3,3,3]", b="f32[6]")
    found |= table("pooling", _POOLING, x="f32[2,4,9,9]", y="f32[1,2,4,5,6]")
    found |= table("norm", _NORMS, x="f32[2,4,9,9]", m="f32[4]", s="f32[4]+")
    found |= table("resize", _RESIZING, x="f32[2,4,9,9]", y="f32[1,2,4,5,6]", g="f32[2,5,6,2]")
    found |= table(
        "attention", _ATTENTION, q="f32[2,2,5,4]", k="f32[2,2,6,4]", v="f32[2,2,6,4]",
        m="f32[5,6]")
    found |= table("fourier", _FOURIER, x="f32[2,3,8]", y="f32[2,3,8]", s="f32[2,60]")
    found |= table("quantised", _QUANTISED, x="f32[2,3,4,4]")
    found |= table(
        "vision", _VISION, x="f32[2,3,8,8]", b="f32[9,4]", s="f32[9]", r="f32[4,5]",
        w="f32[4,3,3,3]", o="f32[2,18,8,8]", m="f32[2,9,8,8]+", c="f32[4]")
    for inputs, layers in _LAYERS.items():
        for layer in layers:
            count = 3 if "MultiheadAttention" in layer else 2 if "Cosine" in layer else 1
            specification = "f32[5,2,9]" if "MultiheadAttention" in layer else inputs
            found[f"layer_{key(layer + inputs)}"] = layer_case(layer, [specification] * count)
    return found
