"""Recurrent taggers and models of sound."""

import torch
from torch import nn

from case import scripted, traced


class Tagger(nn.Module):
    """Words in; a score for each tag out."""

    def __init__(self, kind, **options):
        super().__init__()
        self.words = nn.Embedding(50, 12)
        self.recurrent = kind(12, 16, batch_first=True, **options)
        self.tags = nn.Linear(16 * (2 if options.get("bidirectional") else 1), 5)

    def forward(self, words):
        states, _ = self.recurrent(self.words(words))
        return self.tags(states).log_softmax(-1)


class _States(nn.Module):
    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(6, 8, num_layers=2)

    def forward(self, x, h, c):
        y, (h, c) = self.recurrent(x, (h, c))
        return y, h, c


class Spectrum(nn.Module):
    """A short-time spectrum's logarithm through convolutions, and back to sound."""

    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(64))
        self.mask = nn.Sequential(nn.Conv1d(33, 16, 3, padding=1), nn.ReLU(), nn.Conv1d(16, 33, 1))

    def forward(self, x):
        spectrum = torch.stft(x, 64, 16, window=self.window, return_complex=True)
        mask = torch.sigmoid(self.mask(torch.log1p(spectrum.abs())))
        sound = torch.istft(spectrum * mask, 64, 16, window=self.window)
        return sound, torch.view_as_real(spectrum)


class FourierMixer(nn.Module):
    """FNet's mixing: the real part of a two-dimensional Fourier transform in attention's place."""

    def __init__(self):
        super().__init__()
        self.norm, self.feed = nn.LayerNorm(16), nn.Linear(16, 16)

    def forward(self, x):
        y = self.norm(x + torch.fft.fft(torch.fft.fft(x, dim=-1), dim=-2).real)
        low = torch.fft.irfft(torch.fft.rfft(y, dim=1)[:, :3], n=x.size(1), dim=1)
        return y + torch.nn.functional.gelu(self.feed(low))


def _words(batch, length):
    return torch.randint(0, 50, (batch, length))


def _tagger(kind, compile=traced, **options):
    def make():
        return compile(Tagger(kind, **options), _words(2, 9), second=(_words(2, 14),))

    return make


def _transformer():
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=True)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    return traced(model, torch.randn(2, 9, 32))


def _fast_transformer():
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
    return traced(nn.TransformerEncoder(layer, 2), torch.randn(2, 9, 32))


def _seq2seq():
    model = nn.Transformer(24, 4, 2, 2, 48, batch_first=True)
    return traced(model, torch.randn(2, 7, 24), torch.randn(2, 5, 24))


MODELS = {
    "lstm_tagger": _tagger(nn.LSTM),
    "lstm_bidirectional": _tagger(nn.LSTM, bidirectional=True, num_layers=2),
    "lstm_states": lambda: traced(
        _States(), torch.randn(5, 2, 6), torch.randn(2, 2, 8), torch.randn(2, 2, 8)),
    "lstm_scripted": _tagger(nn.LSTM, scripted),
    "gru_tagger": _tagger(nn.GRU),
    "gru_bidirectional": _tagger(nn.GRU, bidirectional=True),
    "gru_scripted": _tagger(nn.GRU, scripted),
    "rnn_tagger": _tagger(nn.RNN),
    "transformer_encoder": _transformer,
    "transformer_fast_path": _fast_transformer,
    "transformer_seq2seq": _seq2seq,
    "spectrum": lambda: traced(Spectrum(), torch.randn(2, 400)),
    "fourier_mixer": lambda: traced(FourierMixer(), torch.randn(2, 10, 16), second=(torch.randn(3, 12, 16),)),
}
