"""Golden cases of losses and statistics: Losses.swift, ClassLosses.swift, Statistics.swift, Sampling.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("losses")
x, y = randn(3, 4), randn(3, 4)
p, q = torch.rand(3, 4), torch.rand(3, 4)
sign = torch.tensor([[1.0, -1.0, 1.0, -1.0]] * 3)

for reduction in (0, 1, 2):
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        cases.add(f"aten::{name}", x, y, reduction)
    cases.add("aten::smooth_l1_loss", x, y, reduction, 0.3)
    cases.add("aten::smooth_l1_loss", x, y, reduction, 0.0)
    cases.add("aten::huber_loss", x, y, reduction, 0.4)
    cases.add("aten::binary_cross_entropy", p, q, None, reduction)
    cases.add("aten::binary_cross_entropy", p, (q > 0.5).float(), torch.rand(4), reduction)
    cases.add("aten::binary_cross_entropy_with_logits", x * 9, q, None, None, reduction)
    cases.add("aten::binary_cross_entropy_with_logits", x, q, torch.rand(4), torch.rand(4), reduction)
    cases.add("aten::kl_div", x, q, reduction)
    cases.add("aten::kl_div", x, y, reduction, log_target=True)
    cases.add("aten::soft_margin_loss", x, sign, reduction)
    cases.add("aten::margin_ranking_loss", x, y, sign, 0.2, reduction)
    cases.add("aten::hinge_embedding_loss", x, sign, 1.0, reduction)
    cases.add("aten::cosine_embedding_loss", x, y, torch.tensor([1, -1, 1]), 0.1, reduction)
    for log_input, full in ((True, True), (False, False), (True, False)):
        cases.add("aten::poisson_nll_loss", p, q * 5, log_input, full, 1e-8, reduction)
    cases.add("aten::triplet_margin_loss", x, y, randn(3, 4), 1.0, 2.0, 1e-6, False, reduction)
    cases.add("aten::triplet_margin_loss", x, y, randn(3, 4), 1.0, 2.0, 1e-6, True, reduction)
    target = torch.tensor([1, 3, -100])
    logs = x.log_softmax(1)
    weight = torch.tensor([0.5, 1.0, 2.0, 0.25])
    for w in (None, weight):
        cases.add("aten::nll_loss", logs, target, w, reduction)
        cases.add("aten::nll_loss_nd", logs, target, w, reduction)
        cases.add("aten::nll_loss_forward", logs, target, w, reduction, -100)
        for smoothing in (0.0, 0.2):
            cases.add("aten::cross_entropy_loss", x, target, w, reduction, -100, smoothing)
            cases.add("aten::cross_entropy_loss", x, q, w, reduction, -100, smoothing)
        image = randn(2, 4, 2, 3)
        pixels = randint(0, 4, 2, 2, 3)
        cases.add("aten::nll_loss2d", image.log_softmax(1), pixels, w, reduction)
        cases.add("aten::nll_loss_nd", image.log_softmax(1), pixels, w, reduction)
        cases.add("aten::cross_entropy_loss", image, pixels, w, reduction, 1)
    cases.add("aten::cross_entropy_loss", x[0], torch.tensor(2), weight, reduction)
cases.add("aten::mse_loss", x.double(), y.double()[0])
cases.error("aten::huber_loss", x, y, 1, 0.0)
cases.error("aten::smooth_l1_loss", x, y, 1, -1.0)
cases.error("aten::nll_loss", logs, torch.tensor([1, 3]))
cases.error("aten::nll_loss", logs, torch.tensor([1, 3, 9]))
cases.error("aten::cross_entropy_loss", x, target, None, 1, -100, 1.5)

cases.add("aten::cov", x)
cases.add("aten::cov", x[0], correction=0)
cases.add("aten::cov", x, fweights=torch.tensor([1, 2, 1, 3]), tolerance=1e-4)
cases.add("aten::cov", x, aweights=torch.rand(4), tolerance=1e-4)
cases.add("aten::corrcoef", x)
cases.add("aten::corrcoef", x[0])
for dim in (0, 1, -1):
    cases.add("aten::renorm", x, 2, dim, 1.0)
cases.add("aten::renorm", x, 1.5, 0, 0.5)
cases.error("aten::renorm", x, -1, 0, 1.0)
few = randint(0, 4, 3, 7)
for keep in (False, True):
    cases.add("aten::mode", few, 1, keep)
    cases.add("aten::mode", few.float().t(), 0, keep)
    cases.add("aten::mode", torch.tensor(3.0), 0, keep)
broken = x.clone()
broken[0, 1] = float("nan")
for kind in ("linear", "lower", "higher", "midpoint", "nearest"):
    cases.add("aten::quantile.scalar", x, 0.4, 1, False, interpolation=kind)
    cases.add("aten::quantile", x, torch.tensor([0.0, 0.3, 1.0]), None, False, interpolation=kind)
for name in ("quantile", "nanquantile"):
    cases.add(f"aten::{name}", broken, torch.tensor([0.25, 0.5]), 0, True)
    cases.add(f"aten::{name}", broken.double(), torch.tensor(0.5).double(), -1, False)
    cases.add(f"aten::{name}.scalar", broken, 0.7, None, True)
    cases.add(f"aten::{name}.scalar", x.t(), 0.7, 1, True)
cases.error("aten::quantile.scalar", x, 1.5, 0)
cases.error("aten::quantile.scalar", few, 0.5, 0)
for name in ("trapezoid", "trapz", "cumulative_trapezoid"):
    for dim in (0, -1):
        cases.add(f"aten::{name}.dx", x, dx=0.5, dim=dim)
        cases.add(f"aten::{name}.x", x, y, dim=dim)
    cases.add(f"aten::{name}.x", x, y[0], dim=1)
cases.add("aten::trapezoid.dx", torch.zeros(2, 0))
for seed in (1, 2):
    cases.add("aten::multinomial", p, 1, False, seed=seed)
    cases.add("aten::multinomial", p, 3, False, seed=seed)
    cases.add("aten::multinomial", p, 5, True, seed=seed)
    cases.add("aten::multinomial", p[0].double(), 5, True, seed=seed)
cases.error("aten::multinomial", p, 9, False)
cases.error("aten::multinomial", -p, 2, False)
cases.write()
