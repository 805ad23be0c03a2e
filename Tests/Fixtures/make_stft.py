"""Golden cases of Sources/Ops/Operators/ShortTimeFourier.swift."""

import warnings

import torch

from operator_cases import Cases, randn

warnings.simplefilter("ignore")
cases = Cases("stft")
c64, c128 = torch.complex64, torch.complex128


def randc(*sizes, dtype=c64):
    return torch.randn(*sizes, dtype=c128).to(dtype)


CENTER, PLAIN = "aten::stft.center", "aten::stft"
for x in (randn(20), randn(2, 21), randn(3, 20).t()[:, 0], randn(23, dtype=torch.float64)):
    cases.add(CENTER, x, 8, return_complex=True)
    cases.add(CENTER, x, 7, 3, return_complex=False)
    cases.add(PLAIN, x, 8, return_complex=True)
    cases.add(CENTER, x, 8, 2, 5, torch.hann_window(5), return_complex=True)
x = randn(2, 20)
for mode in ("reflect", "constant", "replicate", "circular"):
    cases.add(CENTER, x, 8, pad_mode=mode, return_complex=True)
cases.add(CENTER, x, 8, center=False, return_complex=True)
cases.add(CENTER, x, 8, normalized=True, return_complex=True)
cases.add(CENTER, x, 8, onesided=False, return_complex=True)
cases.add(CENTER, x, 7, onesided=True, return_complex=True)
cases.add(CENTER, x, 8, 3, 5, return_complex=True)
cases.add(CENTER, x, 8, window=torch.hann_window(8, dtype=torch.float64), return_complex=True)
cases.add(PLAIN, x, 8, 3, 6, align_to_window=True, return_complex=True)
cases.add(PLAIN, x, 8, 3, 4, torch.ones(4), align_to_window=True, return_complex=True)
cases.add(PLAIN, x, 8, 3, 4, torch.ones(4), align_to_window=False, return_complex=True)
cases.add(CENTER, x, 8, 3, 4, center=False, align_to_window=True, return_complex=True)
cases.add(CENTER, randc(20), 8)
cases.add(CENTER, randc(2, 20), 8, return_complex=False)
cases.add(CENTER, x, 8, window=randc(8))
cases.add(CENTER, randn(400), 100, 40, window=torch.hamming_window(100), return_complex=True)
cases.error(CENTER, x, 8)
cases.error(CENTER, x, 8, 3, 4, align_to_window=True, return_complex=True)
cases.error(CENTER, randn(3), 8, return_complex=True)
cases.error(PLAIN, randn(3), 8, return_complex=True)
cases.error(CENTER, x, 0, return_complex=True)
cases.error(CENTER, x, 8, 0, return_complex=True)
cases.error(CENTER, x, 8, 2, 0, return_complex=True)
cases.error(CENTER, x, 8, 2, 9, return_complex=True)
cases.error(CENTER, x, 8, 2, 4, torch.ones(5), return_complex=True)
cases.error(CENTER, randn(2, 3, 20), 8, return_complex=True)
cases.error(CENTER, torch.tensor(1.0), 8, return_complex=True)
cases.error(CENTER, torch.arange(20), 8, return_complex=True)
cases.error(CENTER, randc(20), 8, onesided=True)
cases.error(CENTER, x, 8, pad_mode="other", return_complex=True)
cases.error(CENTER, x.half(), 8, return_complex=True)

BACK = "aten::istft"
for x in (randc(5, 7), randc(2, 5, 6), randc(5, 4, dtype=c128), randc(7, 5).t()):
    cases.add(BACK, x, 8)
    cases.add(BACK, x, 8, window=torch.hann_window(8))
    cases.add(BACK, x, 8, 2, 5, torch.hamming_window(5))
    cases.add(BACK, x, 9, 3, center=False)
    cases.add(BACK, x, 8, normalized=True, length=9)
    cases.add(BACK, x, 8, length=40)
x = randc(5, 7)
cases.add(BACK, x, 8, length=10, center=False)
cases.add(BACK, x, 8, length=30, center=False)
cases.add(BACK, x, 8, window=torch.ones(8, dtype=torch.float64))
cases.add(BACK, x, 8, onesided=True)
cases.add(BACK, randc(8, 5), 8)
cases.add(BACK, randc(8, 5), 8, return_complex=True)
cases.add(BACK, randc(8, 5), 8, onesided=False, window=torch.hann_window(8), normalized=True)
cases.add(BACK, randc(8, 5), 8, window=randc(8), return_complex=True)
cases.error(BACK, x, 8, center=False, window=torch.hann_window(8), note="decided by values")
cases.error(BACK, x, 8, return_complex=True)
cases.error(BACK, randc(6, 7), 8)
cases.error(BACK, randc(6, 7), 8, onesided=False)
cases.error(BACK, x, 8, 10)
cases.error(BACK, x, 8, 0)
cases.error(BACK, x, 8, 2, 9)
cases.error(BACK, x, 8, 2, 4, torch.ones(3))
cases.error(BACK, x, 8, window=randc(8))
cases.error(BACK, randc(5), 8)
cases.error(BACK, randc(2, 2, 5, 7), 8)
cases.error(BACK, randc(5, 0), 8)
cases.error(BACK, randn(5, 7, 2), 8)
cases.error(BACK, x, 8, length=0)

# There and back again.
x = randn(2, 50)
window = torch.hann_window(16)
there = torch.stft(x, 16, 4, window=window, return_complex=True)
cases.add(BACK, there, 16, 4, window=window, length=50)
cases.write()
