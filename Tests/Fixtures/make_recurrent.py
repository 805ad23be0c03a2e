"""Golden cases of Sources/Ops/Operators/Recurrent.swift."""

import torch
from torch import nn

from operator_cases import Cases, randn

cases = Cases("recurrent")
KINDS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn_tanh": nn.RNN, "rnn_relu": nn.RNN}
CELLS = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "rnn_tanh": nn.RNNCell, "rnn_relu": nn.RNNCell}


def network(kind, batch=2, steps=3, inputs=3, hidden=2, layers=1, bias=True, both=False, first=False, proj=0,
            dtype=torch.float32, add=cases.add, change=lambda x, hx, params: (x, hx, params)):
    options = {"proj_size": proj} if proj else {}
    module = KINDS[kind](inputs, hidden, layers, bias=bias, bidirectional=both, **options).to(dtype)
    params = [p.detach() for p in module._flat_weights]
    x = randn(batch, steps, inputs, dtype=dtype) if first else randn(steps, batch, inputs, dtype=dtype)
    count = layers * (2 if both else 1)
    hx = randn(count, batch, proj or hidden, dtype=dtype)
    if kind == "lstm":
        hx = [hx, randn(count, batch, hidden, dtype=dtype)]
    x, hx, params = change(x, hx, params)
    add(f"aten::{kind}.input", x, hx, params, bias, layers, 0.3, False, both, first)


for kind in KINDS:
    network(kind)
    network(kind, first=True)
    network(kind, bias=False)
    network(kind, both=True)
    network(kind, layers=2, both=True, first=True)
    network(kind, layers=3, hidden=4, bias=False)
    network(kind, steps=1, batch=1)
    network(kind, batch=0)
    network(kind, dtype=torch.float64, both=True)
    network(kind, change=lambda x, hx, params: (x.transpose(0, 1).contiguous().transpose(0, 1), hx, params))
    network(kind, change=lambda x, hx, params: (x.masked_fill(x > 1, float("nan")), hx, params))
    # PyTorch hands LSTMs to oneDNN without these checks.
    if kind != "lstm":
        network(kind, add=cases.error, change=lambda x, hx, params: (randn(3, 2, 4), hx, params))
        network(kind, add=cases.error, change=lambda x, hx, params: (x.double(), hx, params))
network("lstm", hidden=4, proj=2)
network("lstm", hidden=4, proj=2, layers=2, both=True)
network("lstm", add=cases.error, change=lambda x, hx, params: (x, hx[:1], params))

for kind, make in CELLS.items():
    op = f"aten::{kind}_cell"
    for dtype in (torch.float32, torch.float64):
        p = [v.detach().to(dtype) for v in make(3, 4).parameters()]
        states = lambda b: [randn(b, 4, dtype=dtype), randn(b, 4, dtype=dtype)] if kind == "lstm" else randn(b, 4, dtype=dtype)
        cases.add(op, randn(2, 3, dtype=dtype), states(2), *p)
        cases.add(op, randn(2, 3, dtype=dtype), states(2), p[0], p[1])
        cases.add(op, randn(3, 1, dtype=dtype).t(), states(1), *p)
    cases.error(op, randn(2, 5), states(2), *p)
    cases.error(op, randn(2, 3, dtype=dtype), states(3), *p)

cases.write()
