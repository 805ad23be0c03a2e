"""Compares Martlet's GPT-2 texts with those of transformers' `generate`, and its saved step, run by PyTorch, with
transformers' model over a cache of keys and values."""

import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import save_file

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import python_models

# As in Probe/GenerationProbe.swift; weights spread so that texts vary.
LAYERS, HEADS, WIDTH = 3, 4, 12
CONFIG = dict(vocab_size=211, n_positions=160, n_embd=HEADS * WIDTH, n_layer=LAYERS, n_head=HEADS, initializer_range=0.2,
              bos_token_id=None, eos_token_id=None)
TOLERANCE = 1e-4


def published(model):
    """The state as GPT-2's weights were published: no language head, no prefix, masks in between."""
    state = {key.removeprefix("transformer."): value.clone() for key, value in model.state_dict().items()}
    del state["lm_head.weight"]
    for layer in range(LAYERS):
        state[f"h.{layer}.attn.bias"] = torch.ones(1, 1, 160, 160).tril()
    return state


def relative(got, want):
    return float((got - want).abs().max() / want.abs().max())


def check_step(folder, model, words):
    """New words after kept ones, with more room than there are."""
    step = torch.jit.load(str(folder / "step.pt"))
    kept = 5
    with torch.no_grad():
        first = model(words[:, :kept], use_cache=True)
        keys = torch.full((LAYERS, len(words), HEADS, 9, WIDTH), 1e3)
        values = keys.clone()
        for index, layer in enumerate(first.past_key_values.layers):
            keys[index, :, :, :kept], values[index, :, :, :kept] = layer.keys, layer.values
        logits, new_keys, new_values = step(words[:, kept:], torch.tensor(kept), keys, values)
        after = model(words[:, kept:], past_key_values=first.past_key_values)
    layers = after.past_key_values.layers
    pairs = [
        ("logits", logits, after.logits[:, -1]),
        ("keys", new_keys, torch.stack([layer.keys[:, :, kept:] for layer in layers])),
        ("values", new_values, torch.stack([layer.values[:, :, kept:] for layer in layers])),
    ]
    return [f"step's {name} differ by {relative(a, b):.2g}" for name, a, b in pairs if not relative(a, b) <= TOLERANCE]


def check(folder):
    torch.manual_seed(8)
    model = python_models.GPT2LMHeadModel(python_models.GPT2Config(**CONFIG)).eval()
    words = torch.randint(0, 211, (2, 9))
    save_file(published(model), folder / "weights.safetensors")
    np.save(folder / "words.npy", words.numpy())
    done = subprocess.run([os.environ["PROBE"], "generate", str(folder)], capture_output=True, text=True)
    if done.returncode:
        return [done.stderr.strip()]
    options = dict(attention_mask=torch.ones_like(words), max_new_tokens=120, pad_token_id=0)
    problems = []
    torch.manual_seed(9)
    texts = {
        "greedy": model.generate(words, do_sample=False, **options),
        "random": model.generate(words, do_sample=True, temperature=1.3, top_k=20, top_p=1.0, **options),
    }
    for name, want in texts.items():
        got = np.load(folder / f"{name}.npy")
        if got.shape != tuple(want.shape) or (got != want.numpy()).any():
            problems.append(f"{name} texts differ: {got.tolist()} where {want.tolist()} is expected")
    return problems + check_step(folder, model, words)


with tempfile.TemporaryDirectory() as path:
    found = check(pathlib.Path(path))
for problem in found:
    print(f"FAILED {problem}")
print("texts and the step agree" if not found else f"{len(found)} failed")
sys.exit(len(found) > 0)
