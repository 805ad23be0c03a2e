"""Canvases of real handwritten digits, for training and for trying a detector.

A canvas is a noisy, tinted picture with a few of scikit-learn's digits (8x8, load_digits) at random
places, sizes, slants and shades. Canvases are made of seeds: one number always gives the same
picture. Those of the held-out set show only digits that train.py holds out (test_indices.npy).
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

SIDE = 160
SEED = 7
TRAINING, HELD_OUT = 0, 1
# The longer side is always the network's, so that letterboxing pads but never resizes.
SHAPES = [(160, 160), (160, 160), (120, 160), (160, 120), (96, 160), (151, 160), (160, 137)]


class Canvases:
    """Pictures [H, W, 3] of bytes, and what is on them: [class, x1, y1, x2, y2] in pixels."""

    def __init__(self, split):
        here = Path(__file__).parent
        digits = load_digits()
        name = ["train_indices.npy", "test_indices.npy"][split]
        picked = np.load(here / name).astype(np.int64)
        self.split = split
        self.images = digits.images[picked] / 16
        self.labels = digits.target[picked]

    def make(self, index):
        """The canvas of a number: (picture, objects [count, 5])."""
        random = np.random.default_rng([SEED, self.split, index])
        rows, columns = SHAPES[random.integers(len(SHAPES))]
        picture = _background(random, rows, columns)
        objects = []
        for _ in range(random.integers(2, 9)):
            digit = random.integers(len(self.labels))
            size = random.uniform(24, 64)
            angle = random.uniform(-0.2, 0.2)
            ink = _render(self.images[digit], size, angle)
            box = _place(random, ink, objects, rows, columns)
            if box is None:
                continue
            top, left, (y1, y2, x1, x2) = box
            _draw(random, picture, ink, top, left)
            objects.append([self.labels[digit], left + x1, top + y1, left + x2, top + y2])
        noise = random.normal(0, random.uniform(2, 9), (rows, columns, 1))
        picture = np.rint(np.clip(picture + noise, 0, 255)).astype(np.uint8)
        return picture, np.array(objects, np.float64).reshape(-1, 5)


def _background(random, rows, columns):
    """A tint that changes slowly from corner to corner."""
    corners = random.uniform(0, 255) + random.uniform(-50, 50, (2, 2, 3))
    down = np.linspace(0, 1, rows)[:, None, None]
    along = np.linspace(0, 1, columns)[None, :, None]
    upper = corners[0, 0] * (1 - along) + corners[0, 1] * along
    lower = corners[1, 0] * (1 - along) + corners[1, 1] * along
    return np.clip(upper * (1 - down) + lower * down, 0, 255)


def _render(image, size, angle):
    """A digit's ink, turned and enlarged bilinearly to `size` pixels: [S, S] in [0, 1]."""
    side = int(np.ceil(size * (np.cos(angle) + abs(np.sin(angle)))))
    steps = (np.arange(side) + 0.5 - side / 2) / size * 8
    y, x = np.meshgrid(steps, steps, indexing="ij")
    # The image's middle lies between its pixels 3 and 4, and two black ones all round it.
    rows = np.clip(y * np.cos(angle) + x * np.sin(angle) + 5.5, 0, 10.999)
    columns = np.clip(x * np.cos(angle) - y * np.sin(angle) + 5.5, 0, 10.999)
    padded = np.pad(image, 2)
    top, left = rows.astype(int), columns.astype(int)
    down, along = rows - top, columns - left
    upper = padded[top, left] * (1 - along) + padded[top, left + 1] * along
    lower = padded[top + 1, left] * (1 - along) + padded[top + 1, left + 1] * along
    return upper * (1 - down) + lower * down


def _place(random, ink, objects, rows, columns):
    """A free place for a digit, with the extent of its ink, or None after twenty tries."""
    y = np.flatnonzero((ink > 0.3).any(1))
    x = np.flatnonzero((ink > 0.3).any(0))
    y1, y2, x1, x2 = y[0], y[-1] + 1, x[0], x[-1] + 1
    if y2 - y1 > rows or x2 - x1 > columns:
        return None
    for _ in range(20):
        top = int(random.integers(-y1, rows - y2 + 1))
        left = int(random.integers(-x1, columns - x2 + 1))
        box = [left + x1, top + y1, left + x2, top + y2]
        if all(_overlap(box, other[1:]) < 0.05 for other in objects):
            return top, left, (y1, y2, x1, x2)
    return None


def _overlap(one, other):
    """What two boxes share, as a part of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return max(width, 0) * max(height, 0) / min(areas)


def _draw(random, picture, ink, top, left):
    """Mixes a shade that stands out from what lies under the ink into the picture."""
    rows, columns = picture.shape[:2]
    y1, x1 = max(top, 0), max(left, 0)
    y2, x2 = min(top + len(ink), rows), min(left + len(ink), columns)
    under = picture[y1:y2, x1:x2]
    ink = ink[y1 - top : y2 - top, x1 - left : x2 - left, None]
    ground = under.mean()
    contrast = random.uniform(80, 160) * (1 if ground < 128 else -1)
    shade = np.clip(ground + contrast + random.uniform(-40, 40, 3), 0, 255)
    picture[y1:y2, x1:x2] = under * (1 - ink) + shade * ink
