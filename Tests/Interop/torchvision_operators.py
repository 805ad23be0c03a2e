"""torchvision's operators in plain PyTorch.

The CPU builds of PyTorch and torchvision that one index offers need not fit each other; where torchvision's
compiled part is missing, its operators get their schemas and these kernels, so that its models trace and load.
Import this before torchvision.
"""

import sys

import torch

_SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align": "(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height,"
    " SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor",
    "ps_roi_align": "(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height,"
    " SymInt pooled_width, int sampling_ratio) -> (Tensor, Tensor)",
    "roi_pool": "(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height,"
    " SymInt pooled_width) -> (Tensor, Tensor)",
    "ps_roi_pool": "(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height,"
    " SymInt pooled_width) -> (Tensor, Tensor)",
    "deform_conv2d": "(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias,"
    " SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h,"
    " SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor",
}


def nms(boxes, scores, iou_threshold):
    """Indices of the boxes kept, best first."""
    x1, y1, x2, y2 = boxes.unbind(1)
    areas = (x2 - x1) * (y2 - y1)
    order = scores.sort(stable=True, descending=True).indices
    suppressed = torch.zeros(len(order), dtype=torch.bool)
    kept = []
    for place, index in enumerate(order.tolist()):
        if suppressed[place]:
            continue
        kept.append(index)
        rest = order[place + 1 :]
        width = (torch.minimum(x2[index], x2[rest]) - torch.maximum(x1[index], x1[rest])).clamp(min=0)
        height = (torch.minimum(y2[index], y2[rest]) - torch.maximum(y1[index], y1[rest])).clamp(min=0)
        overlap = width * height
        suppressed[place + 1 :] |= overlap / (areas[index] + areas[rest] - overlap) > iou_threshold
    return torch.tensor(kept, dtype=torch.int64)


def roi_align(x, rois, scale, height, width, sampling_ratio, aligned):
    """Bilinear averages over each region's bins: [regions, channels, height, width]."""
    results = x.new_zeros(len(rois), x.size(1), height, width)
    for index, roi in enumerate(rois):
        offset = 0.5 if aligned else 0.0
        left, top, right, bottom = (roi[1:] * scale - offset).tolist()
        roi_w, roi_h = right - left, bottom - top
        if not aligned:
            roi_w, roi_h = max(roi_w, 1.0), max(roi_h, 1.0)
        count_y = sampling_ratio if sampling_ratio > 0 else -int(-roi_h // height)
        count_x = sampling_ratio if sampling_ratio > 0 else -int(-roi_w // width)
        if count_x <= 0 or count_y <= 0:
            continue
        ys = top + (torch.arange(height * count_y) + 0.5) * roi_h / (height * count_y)
        xs = left + (torch.arange(width * count_x) + 0.5) * roi_w / (width * count_x)
        image = x[int(roi[0])]
        samples = _bilinear(image, *torch.meshgrid(ys, xs, indexing="ij"))
        bins = samples.view(-1, height, count_y, width, count_x)
        results[index] = bins.mean(dim=(2, 4))
    return results


def _bilinear(image, y, x):
    """Samples of an image [C, H, W] at positions, zero more than a pixel outside, clamped within it."""
    rows, columns = image.shape[1:]
    inside = (y >= -1) & (y <= rows) & (x >= -1) & (x <= columns)
    y, x = y.clamp(min=0), x.clamp(min=0)
    top, left = y.long().clamp(max=rows - 1), x.long().clamp(max=columns - 1)
    y = torch.where(top == rows - 1, top.to(y.dtype), y)
    x = torch.where(left == columns - 1, left.to(x.dtype), x)
    bottom, right = (top + 1).clamp(max=rows - 1), (left + 1).clamp(max=columns - 1)
    down, along = (y - top).to(image.dtype), (x - left).to(image.dtype)
    upper = image[:, top, left] * (1 - along) + image[:, top, right] * along
    lower = image[:, bottom, left] * (1 - along) + image[:, bottom, right] * along
    return (upper * (1 - down) + lower * down) * inside


def deform_conv2d(
    x, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w,
    groups, offset_groups, use_mask,
):
    """A convolution whose kernel's every tap is moved by an offset, and weighed by a mask."""
    batch, channels, rows, columns = x.shape
    _, _, kernel_h, kernel_w = weight.shape
    out_h, out_w = offset.shape[2:]
    taps = kernel_h * kernel_w
    offset = offset.view(batch, offset_groups, taps, 2, out_h, out_w)
    per_group = channels // offset_groups
    unfolded = x.new_zeros(batch, channels, taps, out_h, out_w)
    grid_y, grid_x = torch.meshgrid(
        torch.arange(out_h) * stride_h - pad_h, torch.arange(out_w) * stride_w - pad_w, indexing="ij")
    for image in range(batch):
        for group in range(offset_groups):
            part = x[image, group * per_group : (group + 1) * per_group]
            for tap in range(taps):
                y = grid_y + tap // kernel_w * dilation_h + offset[image, group, tap, 0]
                along = grid_x + tap % kernel_w * dilation_w + offset[image, group, tap, 1]
                values = _bilinear_zero(part, y, along)
                if use_mask:
                    values = values * mask.view(batch, offset_groups, taps, out_h, out_w)[image, group, tap]
                unfolded[image, group * per_group : (group + 1) * per_group, tap] = values
    grouped = unfolded.view(batch, groups, channels // groups * taps, out_h * out_w)
    kernels = weight.view(groups, weight.size(0) // groups, -1)
    result = torch.einsum("gok,bgkn->bgon", kernels, grouped)
    return result.reshape(batch, -1, out_h, out_w) + bias.view(1, -1, 1, 1)


def _bilinear_zero(image, y, x):
    """Samples of an image [C, H, W] at positions, with zeros all round it."""
    rows, columns = image.shape[1:]
    top, left = y.floor(), x.floor()
    result = 0
    for row, down in ((top, 1 - (y - top)), (top + 1, y - top)):
        for column, along in ((left, 1 - (x - left)), (left + 1, x - left)):
            inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            taken = image[:, row.clamp(0, rows - 1).long(), column.clamp(0, columns - 1).long()]
            result = result + taken * (down * along * inside)
    return result


def _define():
    library = torch.library.Library("torchvision", "FRAGMENT")
    kernels = {"nms": nms, "roi_align": roi_align, "deform_conv2d": deform_conv2d}
    for name, schema in _SCHEMAS.items():
        try:
            library.define(f"{name}{schema}")
            library.define(f"_{name}_backward(Tensor a) -> Tensor")
        except RuntimeError:
            continue  # the compiled part is there
        if name in kernels:
            library.impl(name, kernels[name], "CPU")
    return library


_LIBRARY = _define()


def _has_operators():
    return True


def enable():
    """Lets torchvision's scripted functions, which ask for its compiled part, use these operators."""
    import torchvision.ops  # noqa: F401

    for name in ("torchvision.extension", "torchvision.ops.roi_align"):
        sys.modules[name]._has_ops = _has_operators
