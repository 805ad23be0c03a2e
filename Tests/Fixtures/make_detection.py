"""Golden cases of Sources/Ops/Operators/Detection.swift, DeformableConvolution.swift and EmbeddingBag.swift.

torchvision's compiled operators need the very build of PyTorch they were made for, so they are stated here in plain
PyTorch; where torchvision itself has such a form (roi_align), that one is used.
"""

import torch

library = torch.library.Library("torchvision", "FRAGMENT")
NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
ROI_ALIGN = ("roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, "
             "int sampling_ratio, bool aligned) -> Tensor")
DEFORM = ("deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, "
          "SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, "
          "SymInt offset_groups, bool use_mask) -> Tensor")
for schema in (NMS, ROI_ALIGN, DEFORM):
    library.define(schema)
for name in ("qnms", "roi_pool", "ps_roi_align", "ps_roi_pool", "_roi_align_backward", "_roi_pool_backward",
             "_ps_roi_align_backward", "_ps_roi_pool_backward", "_deform_conv2d_backward"):
    library.define(f"{name}(Tensor x) -> Tensor")

from torchvision.ops.roi_align import _roi_align  # noqa: E402

from operator_cases import Cases, randint, randn  # noqa: E402


def nms(boxes, scores, threshold):
    if boxes.dim() != 2 or boxes.shape[1] != 4 or scores.shape != boxes.shape[:1] or boxes.dtype != scores.dtype:
        raise RuntimeError("sizes or dtypes do not fit")
    order = scores.sort(stable=True, descending=True).indices.tolist()
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while order:
        best = order.pop(0)
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        overlap = shared / (area[best] + area[order] - shared)
        order = [i for i, o in zip(order, overlap.tolist()) if not o > threshold]
    return torch.tensor(kept, dtype=torch.int64)


def roi_align(x, rois, scale, height, width, ratio, aligned):
    if x.dim() != 4 or rois.dim() != 2 or rois.shape[1] != 5 or rois.dtype != x.dtype:
        raise RuntimeError("sizes or dtypes do not fit")
    return _roi_align(x, rois, scale, height, width, ratio, aligned)


def deform_conv2d(x, weight, offset, mask, bias, sh, sw, ph, pw, dh, dw, groups, offset_groups, use_mask):
    n, c, h, w = x.shape
    kh, kw = weight.shape[2:]
    oh, ow = offset.shape[2:]
    offset = offset.view(n, offset_groups, kh * kw, 2, oh, ow)
    mask = mask.view(n, offset_groups, kh * kw, oh, ow) if use_mask else None
    columns = x.new_zeros(n, c, kh * kw, oh, ow)
    size = c // offset_groups
    for g in range(offset_groups):
        part = x[:, g * size:(g + 1) * size]
        for tap in range(kh * kw):
            y = torch.arange(oh)[:, None] * sh - ph + tap // kw * dh + offset[:, g, tap, 0]
            z = torch.arange(ow) * sw - pw + tap % kw * dw + offset[:, g, tap, 1]
            grid = torch.stack([(2 * z + 1) / w - 1, (2 * y + 1) / h - 1], -1).to(x.dtype)
            values = torch.nn.functional.grid_sample(part, grid, align_corners=False)
            columns[:, g * size:(g + 1) * size, tap] = values * (mask[:, g, tap, None] if use_mask else 1)
    columns = columns.view(n, groups, c // groups * kh * kw, oh * ow)
    weight = weight.reshape(groups, weight.shape[0] // groups, -1)
    return (weight @ columns).reshape(n, -1, oh, ow) + bias[:, None, None]


library.impl("nms", nms, "CPU")
library.impl("roi_align", roi_align, "CPU")
library.impl("deform_conv2d", deform_conv2d, "CPU")

cases = Cases("detection")
HALF = (torch.float16, torch.bfloat16)
inf, nan = float("inf"), float("nan")


def boxes(count, dtype=torch.float32):
    corner = torch.rand(count, 2) * 8
    return torch.cat([corner, corner + torch.rand(count, 2) * 6], 1).to(dtype)


op = "torchvision::nms"
for threshold in (0.0, 0.2, 0.5, 1.0):
    cases.add(op, boxes(12), torch.rand(12), threshold)
cases.add(op, boxes(8), torch.tensor([1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5]), 0.1)
cases.add(op, boxes(9, torch.float64), torch.rand(9, dtype=torch.float64), 0.3)
cases.add(op, torch.zeros(3, 4), torch.rand(3), 0.3)
cases.add(op, boxes(0), torch.rand(0), 0.3)
cases.add(op, boxes(10)[::2], torch.rand(10)[::2], 0.3)
cases.error(op, boxes(4)[:, :3], torch.rand(4), 0.3)
cases.error(op, boxes(4), torch.rand(3), 0.3)
cases.error(op, boxes(4), torch.rand(4).double(), 0.3)

op = "torchvision::roi_align"


def rois(count, images, dtype=torch.float32):
    # Inside the image: torchvision's plain form leaves out the compiled one's zeros beyond it.
    return torch.cat([torch.randint(0, images, (count, 1)).float(), boxes(count).clamp(max=5)], 1).to(dtype)


for aligned in (False, True):
    for ratio in (-1, 2):
        cases.add(op, randn(2, 3, 7, 8), rois(3, 2), 1.0, 2, 3, ratio, aligned)
        cases.add(op, randn(1, 2, 6, 5), rois(2, 1), 0.5, 3, 2, ratio, aligned)
cases.add(op, randn(1, 2, 6, 5, dtype=torch.float64), rois(2, 1, torch.float64), 0.5, 2, 2, 2, True)
cases.add(op, randn(1, 2, 6, 5), rois(0, 1), 0.5, 2, 2, 2, True)
cases.error(op, randn(2, 6, 5), rois(2, 1), 0.5, 2, 2, 2, True)
cases.error(op, randn(1, 2, 6, 5), boxes(2), 0.5, 2, 2, 2, True)

op = "torchvision::deform_conv2d"


def deform(channels=4, outputs=3, groups=1, offset_groups=1, kernel=(3, 2), stride=(1, 1), padding=(0, 0),
           dilation=(1, 1), masked=True, dtype=torch.float32):
    x = randn(2, channels, 5, 6)
    weight = randn(outputs, channels // groups, *kernel)
    sizes = [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, p, d, k, s in zip((5, 6), padding, dilation, kernel, stride)]
    taps = offset_groups * kernel[0] * kernel[1]
    tensors = [x, weight, randn(2, 2 * taps, *sizes), torch.rand(2, taps, *sizes), randn(outputs)]
    cases.add(op, *[t.to(dtype) for t in tensors], *stride, *padding, *dilation, groups, offset_groups, masked)


deform()
deform(masked=False)
deform(groups=2, outputs=4)
deform(offset_groups=2, stride=(2, 1), padding=(1, 0))
deform(dilation=(1, 2), padding=(1, 1), kernel=(2, 2))
deform(dtype=torch.float64)

op = "aten::embedding_bag"
indices, offsets = torch.tensor([1, 2, 4, 2]), torch.tensor([0, 2, 2])
for mode in (0, 1, 2):
    for dtype in (torch.float32, torch.float64, torch.float16):
        cases.add(op, randn(5, 3, dtype=dtype), indices, offsets, False, mode)
    cases.add(op, randn(5, 3), indices, torch.tensor([0, 2, 2, 4]), False, mode, False, None, True)
    cases.add(op, randn(5, 3), indices[:0], torch.tensor([0, 0]), False, mode)
    cases.add(op, randn(5, 3), indices.int(), offsets.int(), False, mode)
    cases.add(op + ".padding_idx", randn(5, 3), indices, offsets, False, mode, False, None, False, 2)
    cases.add(op + ".padding_idx", randn(5, 3), indices, offsets, False, mode, False, None, False, -3)
cases.add(op, randn(5, 3), indices, offsets, False, 0, False, randn(4))
cases.error(op, randn(5, 3), indices, offsets, False, 1, False, randn(4))
cases.error(op, randn(5, 3), indices, torch.tensor([1, 2]))
cases.error(op, randn(5, 3), indices, torch.tensor([0, 5]))
cases.error(op, randn(5, 3), torch.tensor([7]), torch.tensor([0]))
cases.error(op, randn(5, 3), indices.float(), offsets)
cases.error(op + ".padding_idx", randn(5, 3), indices, offsets, False, 0, False, None, False, 6)
cases.write()
