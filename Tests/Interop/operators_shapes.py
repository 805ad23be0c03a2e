"""Views, indexing, joining, creation, reductions, sorting: what changes shapes."""

from operator_case import DTYPES, expression_case, key, table

_VIEWS = [
    "x.view(6, 4)", "x.view(-1)", "x.view(2, -1)", "x.view(x.size(0), -1)", "x.view(x.shape[0] * x.shape[1], x.shape[2])",
    "x.reshape(4, 6)", "x.reshape(-1, 3)", "x.transpose(0, 2).reshape(-1)", "x.reshape_as(y)", "x.view_as(y)",
    "x.flatten()", "x.flatten(1)", "x.flatten(0, 1)", "x.flatten(-2, -1)", "x.unflatten(2, (2, 2))",
    "x.unflatten(-1, (-1, 2))", "x.transpose(0, 1)", "x.transpose(-1, -2)", "x.permute(2, 0, 1)", "x.permute(-1, 0, 1)",
    "x[0].t()", "x[0, 0].t()", "x.mT", "x[0].T", "x.movedim(0, 2)", "x.swapaxes(0, 1)", "x.unsqueeze(0)", "x.unsqueeze(-1)",
    "x.unsqueeze(2)", "x[:1].squeeze()", "x[:1].squeeze(0)", "x.squeeze(1)", "x[:1].squeeze((0, 1))", "x.expand(2, 2, 3, 4)",
    "x[:, :1].expand(-1, 5, -1)", "x[:, :1].expand_as(x)", "x.repeat(2, 1, 1)", "x.repeat(2, 1, 2, 1)", "x.tile((2,))",
    "x.tile(1, 2, 1)", "x[0]", "x[1, 2]", "x[-1]", "x[:, 1]", "x[..., 0]", "x[:, 1:]", "x[:, :-1]", "x[:, ::2]", "x[..., 1:3]",
    "x[None]", "x[:, None, 1:]", "x.select(1, 2)", "x.select(-1, -1)", "x.narrow(2, 1, 2)", "x.narrow(0, -1, 1)",
    "x.chunk(2, 2)", "x.chunk(3, 1)[1]", "x.chunk(3, 2)", "x.split(2, 2)", "x.split([1, 3], 2)", "x.split_with_sizes([1, 2], 1)",
    "x.tensor_split(3, 2)", "x.tensor_split([1, 3], 2)", "x.unbind(1)", "x.unbind(-1)[2]", "x.unfold(2, 2, 1)", "x.unfold(2, 3, 2)",
    "x.diagonal(0, 1, 2)", "x.diagonal(1, 0, 2)", "torch.diag(x[0, 0])", "torch.diag(x[0, :, :3])", "torch.diag(x[0], 1)",
    "torch.diag_embed(x[0])", "torch.diagflat(x[0, 0])", "torch.tril(x)", "torch.tril(x, 1)", "torch.triu(x)",
    "torch.triu(x, -1)", "torch.as_strided(x, (2, 3), (1, 4), 2)", "x.flip(0)", "x.flip([1, 2])", "x.roll(1)", "x.roll(1, 0)",
    "x.roll((1, 2), (0, 2))", "torch.rot90(x, 1, (1, 2))", "x.fliplr()", "torch.pixel_shuffle(z, 2)", "torch.pixel_unshuffle(w, 2)",
    "F.channel_shuffle(z, 2)", "torch.cat([x, y], 0)", "torch.cat([x, y], -1)", "torch.cat([x, y.double()], 1)",
    "torch.cat([x, torch.zeros(0), y])", "torch.concat((x, y), 1)", "torch.stack([x, y])", "torch.stack([x, y], -1)",
    "torch.stack([x, y], 2)", "torch.hstack([x, y])", "torch.vstack([x, y])", "torch.dstack([x, y])",
    "torch.meshgrid(x[0, 0], x[0, :, 0], indexing='ij')", "torch.meshgrid(x[0, 0], x[0, :, 0], indexing='xy')",
    "torch.cartesian_prod(x[0, 0], x[0, :, 0])", "torch.broadcast_tensors(x, y[:1])", "torch.broadcast_to(x[0], (5, 3, 4))",
    "x.repeat_interleave(2)", "x.repeat_interleave(3, 1)", "x.repeat_interleave(torch.tensor([1, 0, 2]), 1)", "x.contiguous(memory_format=torch.contiguous_format)",
    "z.contiguous(memory_format=torch.channels_last) * 2", "z.to(memory_format=torch.channels_last) + 1", "x.is_floating_point() and x",
    "torch.atleast_3d(x[0])", "torch.ravel(x)", "torch.squeeze(x[:, :1], -2)", "x.adjoint()", "torch.column_stack([x[0, 0], x[0, 1]])",
]
_SIZES = [
    "torch.zeros(x.size(0), x.size(1))", "torch.ones(x.shape)", "torch.arange(x.size(2))", "torch.arange(x.size(1), dtype=torch.float32)",
    "torch.arange(1, x.size(2))", "torch.arange(0, x.size(2), 2)", "torch.arange(0.5, 3, 0.5)", "torch.arange(5, 0, -1)", "x.size(0) * x",
    "x / x.size(1) ** 0.5", "x.view(x.size(0), x.size(1) // 1, 2, x.size(2) // 2)", "x[:, :x.size(1) // 2]", "x[..., x.size(2) // 2:]",
    "torch.full((x.size(0),), 3)", "torch.empty(x.size(0), 2).zero_()", "torch.linspace(0, 1, 5)", "torch.linspace(0, 1, x.size(2))",
    "torch.eye(3) * x[0, :, :3]", "torch.eye(2, 3)", "torch._shape_as_tensor(x)", "x.numel() + x", "torch.scalar_tensor(2.5) * x",
    "torch.tensor([1.0, 2.0, 3.0, 4.0]) * x", "torch.zeros((), dtype=torch.int64) + x", "x.size(0) / x.size(1) + x", "x * (x.size(2) % 3)",
    "torch.hann_window(8)", "torch.hann_window(7, periodic=False)", "torch.hamming_window(8)", "torch.hamming_window(7, periodic=False, alpha=0.5, beta=0.4)",
    "torch.blackman_window(8)", "torch.bartlett_window(8)", "torch.logspace(0, 2, 5)", "torch.zeros_like(x, dtype=torch.int32)",
    "F.interpolate(x, size=x.size(2) * 2)", "x.view(-1, x.size(2)).view(x.size(0), x.size(1), -1)", "torch.tril(torch.ones(x.size(2), x.size(2)))",
    "torch.where(torch.arange(x.size(2)) < x.size(1), x, 0)", "x.expand(2, *x.shape)", "torch.arange(x.size(1)).unsqueeze(1) + torch.arange(x.size(2))",
    "torch.ones(2, x.size(1), dtype=torch.bool)", "torch.masked_fill(x, torch.triu(torch.ones(3, 4, dtype=torch.bool), 1), 0)",
]
_INDEXING = [
    "x[i]", "x[i, j]", "x[:, i]", "x[i, :, j]", "x[..., i]", "x[m]", "x[x > 0]", "x[:, None][..., i]", "x[i[:, None], j]", "x[i, 1]", "x[1:, i]",
    "x.index_select(0, i)", "x.index_select(2, j)", "torch.index_select(x, -1, i)", "x.gather(2, g)", "x.gather(0, g)", "torch.take(x, g)",
    "torch.take_along_dim(x, g, 2)", "x.scatter(2, g, y)", "x.scatter(2, g, 5.0)", "x.scatter_add(2, g, y)", "x.scatter(2, g, y, reduce='add')",
    "x.scatter_reduce(2, g, y, 'sum')", "x.scatter_reduce(2, g, y, 'amax')", "x.index_add(0, i, y[:2])", "x.index_copy(0, i, y[:2])", "x.index_fill(1, i, 2.0)",
    "x.masked_select(x > 0)", "x.masked_scatter(x > 0, y)", "x.index_put((i,), y[:2])", "x.index_put((i, j), y[0, :2], accumulate=True)",
    "x.nonzero()", "torch.nonzero(x > 0, as_tuple=True)", "torch.argwhere(x > 1)", "torch.where(x > 0)", "x.slice_scatter(y[:, :1], 1, 0, 1)",
    "x.select_scatter(y[0], 0, 1)", "z = x.clone(); z[0] = 1; z", "z = x.clone(); z[:, 1:3] = y[:, 1:3]; z", "z = x.clone(); z[..., 0] += 2; z",
    "z = x.clone(); z[i] = y[:2]; z", "z = x.clone(); z[z > 0] = 0; z", "z = x.clone(); z[x > 0] = y[x > 0]; z", "z = x.clone(); z[1, :, 2].fill_(7); z",
    "z = x.clone(); z.view(-1)[3:5].mul_(2); z", "z = x.clone(); z.transpose(0, 1).add_(1); z", "z = x.clone(); z.index_put_((i,), y[:2], accumulate=True); z",
    "z = x.clone(); z.scatter_(2, g, y); z", "z = x.clone(); z.scatter_add_(2, g, y); z", "z = x.clone(); z.index_fill_(0, i, 3); z", "z = x.clone(); z[:, i, j] = 9; z",
    "z = x.clone(); z.masked_fill_(m[:, None, None], 0); z", "z = x.clone(); z[:, ::2].zero_(); z", "z = x.clone(); z.copy_(y[0]); z",
    "z = x.clone(); a, b = z.chunk(2, 2); a.mul_(2); b.add_(a); z", "z = torch.zeros(3, 3, 4); z[0].copy_(x[0]); z", "z = x.clone(); z.unbind(0)[1].neg_(); z",
    "F.embedding(g, torch.arange(20.0).view(10, 2))", "F.embedding(g, torch.arange(20.0).view(10, 2), padding_idx=0)", "F.one_hot(g, 6)", "F.one_hot(g)",
    "F.embedding_bag(g[0], torch.arange(20.0).view(10, 2))", "torch.bucketize(x, torch.tensor([-1.0, 0.0, 1.0]))", "torch.searchsorted(torch.tensor([-1.0, 0.0, 1.0]), x)",
    "x[[0, 2]]", "x[torch.tensor(1)]", "x[:, torch.tensor([True, False, True])]", "x.put(g, y)",
]
_REDUCTIONS = [
    "x.sum()", "x.sum(1)", "x.sum((0, 2), keepdim=True)", "x.sum(-1, dtype=torch.float64)", "x.mean()", "x.mean(1)", "x.mean((1, 2), True)", "x.mean([-1, -2])",
    "x.max()", "x.max(1)", "x.max(2, keepdim=True)", "x.min()", "x.min(1)", "torch.max(x, y)", "torch.min(x, y)", "x.amax(1)", "x.amax((0, 1), True)", "x.amin(-1)", "x.amax()",
    "x.aminmax()", "x.aminmax(dim=1)", "x.argmax()", "x.argmax(1)", "x.argmax(-1, keepdim=True)", "x.argmin()", "x.argmin(2)", "x.prod()", "x.prod(1)", "x.prod(1, keepdim=True)", "x.std()", "x.std(1)",
    "x.std((1, 2), unbiased=False)", "x.std(1, correction=0, keepdim=True)", "x.var()", "x.var(1)", "x.var(-1, unbiased=False, keepdim=True)", "torch.var_mean(x, 1)", "torch.std_mean(x, (0, 1), correction=0)",
    "x.norm()", "x.norm(p=1)", "x.norm(dim=1)", "x.norm(2, -1, True)", "torch.linalg.vector_norm(x)", "torch.linalg.vector_norm(x, 1, (1, 2))", "torch.linalg.vector_norm(x, float('inf'), -1, True)",
    "torch.linalg.vector_norm(x, 0)", "torch.linalg.vector_norm(x, 3, 1)", "x.logsumexp(1)", "x.logsumexp((0, 2), True)", "x.all()", "(x > -9).all(1)", "(x > 0).any()",
    "(x > 0).any(2, True)", "(x > 0).sum()", "(x > 0).sum(1)", "(x > 0).float().mean()", "x.cumsum(1)", "x.cumsum(-1, dtype=torch.float64)", "x.cumprod(2)", "x.cummax(1)", "x.cummin(1)", "x.logcumsumexp(1)", "x.diff()", "x.diff(n=2)",
    "x.diff(dim=1, prepend=x[:, :1])", "x.softmax(-1)", "x.softmax(1, dtype=torch.float64)", "x.log_softmax(-1)", "F.softmin(x, 1)", "F.normalize(x)", "F.normalize(x, 1, -1)", "F.cosine_similarity(x, y)",
    "F.cosine_similarity(x, y, -1)", "F.pairwise_distance(x, y)", "F.pairwise_distance(x, y, 1, keepdim=True)", "torch.cdist(x, y)", "torch.cdist(x, y, 1)", "torch.dist(x, y)", "x.sort()", "x.sort(1, descending=True)", "x.sort(stable=True, dim=0)",
    "x.argsort()", "x.argsort(1, True)", "x.topk(2)", "x.topk(2, 1)", "x.topk(2, -1, largest=False)", "x.kthvalue(2)", "x.median()", "x.median(1)", "x.nanmean()", "x.nansum(1)", "x.unique()", "torch.unique(x.round(), return_inverse=True, return_counts=True)",
    "torch.unique_consecutive(x.round())", "x.histc(5, -2, 2)", "torch.bincount(x.view(-1).abs().long())", "torch.count_nonzero(x)", "torch.cross(x[..., :3], y[..., :3], -1)", "torch.cross(x[:, :3], y[:, :3], 1)", "torch.logaddexp(x, y)",
    "x.double().sum()", "x.int().sum()", "x.int().prod(1)", "x.int().cumsum(0)", "x.int().max(1)", "x.int().float().mean()", "x.view(-1).max(0)",
   
]


def operators():
    found = table(
        "view", _VIEWS + _SIZES, x="f32[2,3,4]", y="f32[2,3,4]", z="f32[1,8,3,3]", w="f32[1,2,4,4]")
    found |= table("index", _INDEXING, x="f32[3,3,4]", y="f32[3,3,4]", i="i64[2]<3", j="i64[2]<3", g="i64[3,3,4]<3", m="b[3]")
    found |= table("reduce", _REDUCTIONS, x="f32[3,4,5]", y="f32[3,4,5]")
    for expression in ("x.sum()", "x.sum(1)", "x.mean()", "x.max()", "x.max(1)", "x.min(0)", "x.amax(1)", "x.prod()", "x.cumsum(1)", "x.argmax(1)", "x.sort(1)", "x.topk(2)[0]", "x.any()", "x.all(1)", "x.std()", "x.norm()", "x[1:]", "x.flip(0)", "x.roll(1, 0)", "torch.cat([x, x])", "torch.stack([x, x])", "x.softmax(1)", "x.repeat(2, 1)", "x.tril()", "x.gather(1, x.argsort(1))", "x.clone().fill_(1)", "x.index_select(0, torch.tensor([1]))", "x.masked_fill(x == 1, 0)", "torch.where(x == 1, x, x + x)"):
        for dtype in DTYPES:
            found[f"dtype_{key(expression)}_{dtype}"] = expression_case(expression, {"x": f"{dtype}[3,4]"})
    for expression in ("x.sum()", "x.sum(0)", "x.mean()", "x.cumsum(0)", "x.softmax(0)", "torch.cat([x, x])", "x.view(0, 3)", "x.view(-1, 1)" , "x.any()", "x.all()", "x.prod()", "x.flatten()", "x.amax(1)", "x.reshape(-1, 5)"):
        found[f"empty_{key(expression)}"] = expression_case(expression, {"x": "f32[0,3]"})
        found[f"scalar_{key(expression)}"] = expression_case(expression, {"x": "f32[]"})
    return found
