"""Trains the digits network of this example and writes what the Swift side needs.

    python Examples/Digits/train.py

Needs torch, numpy, safetensors and scikit-learn (`make interop` puts them into .venv). Runs on
one CPU thread, in less than a minute, and gives the same files every time on one machine.
"""

import random
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.nn import functional as F

SEED = 7
HELD_OUT = 450
EPOCHS = 40
BATCH = 64


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut, with torchvision's parameter names."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class DigitsNet(nn.Module):
    """Grey 8x8 images in [0, 1], [N, 1, 8, 8], to one logit per digit, [N, 10]."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.layer1 = nn.Sequential(BasicBlock(16, 16))
        self.layer2 = nn.Sequential(BasicBlock(16, 32, 2))
        self.layer3 = nn.Sequential(BasicBlock(32, 64, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(self.flatten(self.avgpool(x)))


def shifted(images):
    """Each image moved by up to one pixel in each direction, filled with black."""
    padded = F.pad(images, (1, 1, 1, 1))
    dy, dx = torch.randint(0, 3, (2, len(images)))
    rows = dy[:, None] + torch.arange(8)
    columns = dx[:, None] + torch.arange(8)
    picked = padded[torch.arange(len(images))[:, None, None], 0, rows[:, :, None], columns[:, None]]
    return picked[:, None]


def train(images, labels):
    model = DigitsNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = EPOCHS * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=6e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        model.train()
        total = 0.0
        order = torch.randperm(len(images))
        for batch in order[: len(order) // BATCH * BATCH].split(BATCH):
            loss = F.cross_entropy(
                model(shifted(images[batch])), labels[batch], label_smoothing=0.05
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * BATCH
        print(f"epoch {epoch + 1:2}  loss {total / len(order):.4f}", flush=True)
    return model.eval()


def main():
    torch.set_num_threads(1)
    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)

    digits = load_digits()
    train_index, test_index = train_test_split(
        np.arange(len(digits.target)), test_size=HELD_OUT, random_state=SEED, stratify=digits.target
    )
    # Sixteen grey levels a pixel; divided by 16 they are exact in float32.
    pixels = digits.images.astype(np.uint8)
    images = torch.from_numpy(pixels)[:, None].float() / 16
    labels = torch.from_numpy(digits.target.astype(np.int64))

    model = train(images[train_index], labels[train_index])
    with torch.no_grad():
        logits = model(images[test_index])
    correct = (logits.argmax(1) == labels[test_index]).sum().item()
    count = sum(p.numel() for p in model.parameters())
    print(f"{count} parameters, {correct} of {HELD_OUT} held-out digits correct")
    print(f"accuracy {100 * correct / HELD_OUT:.2f} %")

    here = Path(__file__).parent
    save_file(model.state_dict(), here / "digits.safetensors")
    np.save(here / "train_indices.npy", train_index.astype(np.int16))
    np.save(here / "test_indices.npy", test_index.astype(np.int16))
    np.save(here / "test_images.npy", pixels[test_index])
    np.save(here / "test_labels.npy", digits.target[test_index].astype(np.uint8))
    np.save(here / "test_logits.npy", logits.numpy())


if __name__ == "__main__":
    main()
