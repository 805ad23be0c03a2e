"""Golden cases of Sources/Ops/Operators/Fourier.swift, FourierTransforms.swift and Frequencies.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("fourier")
c64, c128 = torch.complex64, torch.complex128


def randc(*sizes, dtype=c64):
    return torch.randn(*sizes, dtype=c128).to(dtype)


COMPLEX = ("fft", "ifft")
FROM_REAL = ("rfft", "ihfft")
TO_REAL = ("irfft", "hfft")


def inputs(name, *sizes, dtype=torch.float32):
    if name in FROM_REAL:
        return randn(*sizes, dtype=dtype)
    return randc(*sizes, dtype=c64 if dtype == torch.float32 else c128)


for name in COMPLEX + FROM_REAL + TO_REAL:
    op = f"aten::fft_{name}"
    for count in (1, 2, 3, 5, 6, 7, 12, 16, 30):
        if name in TO_REAL and count == 1:
            cases.error(op, inputs(name, 1))
            continue
        cases.add(op, inputs(name, count, dtype=torch.float64 if count % 2 else torch.float32))
    x = inputs(name, 2, 5, 3)
    cases.add(op, x, dim=1)
    cases.add(op, x, n=4, dim=0)
    cases.add(op, x, n=3, dim=1)
    cases.add(op, x.transpose(0, 2), n=8, dim=-2, norm="ortho")
    for norm in ("forward", "backward", "ortho", None):
        cases.add(op, inputs(name, 7), norm=norm)
    cases.add(op, inputs(name, 37))
    if name not in FROM_REAL:
        cases.add(op, randn(4))
        cases.add(op, torch.tensor([True, False, True]))
    else:
        cases.error(op, randc(4))
    cases.add(op, randint(-5, 5, 6))
    cases.error(op, inputs(name, 3), norm="other")
    cases.error(op, inputs(name, 3), dim=1)
    cases.error(op, inputs(name, 3), n=0)
    cases.error(op, inputs(name, 3), n=-1)
    cases.error(op, inputs(name, 2, 0))
    cases.error(op, torch.tensor(1.0))
    cases.error(op, randn(3, dtype=torch.float16))
    cases.error(op, randn(3, dtype=torch.bfloat16))
    for axes in ("2", "n"):
        op = f"aten::fft_{name}{axes}"
        x = inputs(name, 3, 4, 5)
        cases.add(op, x)
        cases.add(op, x.transpose(0, 1), dim=[0, 2], norm="ortho")
        cases.add(op, x, s=[5, 6], dim=[-1, 0])
        cases.add(op, x, s=[2, -1], dim=[1, 2], norm="forward")
        cases.add(op, inputs(name, 4, 3, dtype=torch.float64), norm="backward")
        cases.error(op, x, s=[2], dim=[0, 1])
        cases.error(op, x, dim=[1, 1])
        cases.error(op, x, dim=[0, 3])
        cases.error(op, x, s=[0, 2], dim=[0, 1])
    op = f"aten::fft_{name}n"
    cases.add(op, inputs(name, 3, 4), s=[5])
    cases.add(op, inputs(name, 3, 4), dim=[1])
    cases.error(op, inputs(name, 3), s=[2, 3])
    cases.either(op, torch.tensor(2.0))
    cases.either(op, inputs(name, 2, 3), dim=[])
    cases.error(f"aten::fft_{name}2", inputs(name, 3))

for dim in ([0], [0, 1], [1]):
    for mode in (0, 1, 2):
        cases.add("aten::_fft_c2c", randc(3, 4), dim, mode, mode != 1)
        cases.add("aten::_fft_r2c", randn(3, 4), dim, mode, True)
        cases.add("aten::_fft_r2c", randn(3, 4, dtype=torch.float64), dim, mode, False)
        size = 2 * ((3, 4)[dim[-1]] - 1)
        cases.add("aten::_fft_c2r", randc(3, 4), dim, mode, size)
        cases.add("aten::_fft_c2r", randc(3, 4, dtype=c128), dim, mode, size + 1)
cases.add("aten::_fft_c2c", randc(3), [], 0, True)
cases.error("aten::_fft_c2c", randn(3), [0], 0, True)
cases.error("aten::_fft_r2c", randc(3), [0], 0, True)
cases.error("aten::_fft_c2r", randn(3), [0], 0, 4)

for op in ("aten::fft_fftfreq", "aten::fft_rfftfreq"):
    for n in (0, 1, 5, 8):
        cases.add(op, n)
    cases.add(op, 7, 0.3)
    cases.add(op, 6, 0.1, dtype=torch.float64)
    cases.add(op, 6, 0.1, dtype=torch.float16)
    cases.add(op, 5, 0.0)
    cases.error(op, -4)
    cases.error(op, 4, dtype=torch.int64)
for op in ("aten::fft_fftshift", "aten::fft_ifftshift"):
    cases.add(op, randn(5))
    cases.add(op, randn(2, 5, 3))
    cases.add(op, randc(4, 3), [0])
    cases.add(op, randint(0, 9, 4, 3).t(), [-1, 0])
    cases.error(op, randn(2, 3), [5])
    cases.error(op, torch.tensor(1.0))
cases.write()
