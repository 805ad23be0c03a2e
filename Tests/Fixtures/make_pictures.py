"""Pictures that Pillow wrote, and what Pillow and OpenCV read and make of them.

pictures/reading.json: files (base64) with their pixels, upright (`ImageOps.exif_transpose`) and as
`convert("RGB")` gives them. pictures/resizing.json: one picture with what Pillow's `resize`
(torchvision's `Resize`), torchvision's `CenterCrop`, and OpenCV's `resize` in Ultralytics'
letterbox give. For Tests/PicturesTests.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import cv2
import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).parent / "pictures"


def scene(width, height, seed):
    """Slopes, a disc with a hard edge, and some noise."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    picture = np.stack([255 * x / width, 255 * y / height, 128 + 100 * np.sin(x / 5 + y / 7)], -1)
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    picture[disc] = [250, 30, 60]
    picture += generator.normal(0, 12, picture.shape)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def text(data):
    return base64.b64encode(bytes(data)).decode()


def pixels(image):
    return {"width": image.width, "height": image.height, "pixels": text(image.tobytes())}


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def oriented(image, orientation, format, **options):
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x0112] = orientation
    return encoded(image, format, exif=exif, **options)


def png(width, height, depth, kind, rows, interlace=0, extra=b""):
    """A PNG written by hand, for what Pillow does not write."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def deep_png(array):
    """16 bits a channel, grey or RGB."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    return png(array.shape[1], array.shape[0], 16, 0 if array.ndim == 2 else 2, rows)


def interlaced_png(array):
    """Adam7's seven passes over an RGB array."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
              (0, 1, 1, 2)]
    rows = b""
    for x, y, across, down in passes:
        part = array[y::down, x::across]
        if part.size:
            rows += b"".join(b"\0" + row.tobytes() for row in part)
    return png(array.shape[1], array.shape[0], 8, 2, rows, interlace=1)


def files():
    small = scene(23, 17, 1)
    alpha = Image.fromarray((np.arange(23 * 17) * 7 % 256).astype(np.uint8).reshape(17, 23))
    translucent = small.copy()
    translucent.putalpha(alpha)
    grey = small.convert("L")
    palette = small.quantize(13)
    numbers = np.random.default_rng(2).integers(0, 65536, (17, 23, 3)).astype(np.uint16)
    yield "baseline.jpg", encoded(small, "JPEG", quality=92)
    yield "full_colour.jpg", encoded(small, "JPEG", quality=92, subsampling=0)
    yield "progressive.jpg", encoded(small, "JPEG", progressive=True, optimize=True)
    yield "restarts.jpg", encoded(small, "JPEG", restart_marker_blocks=1)
    yield "grey.jpg", encoded(grey, "JPEG")
    yield "cmyk.jpg", encoded(small.convert("CMYK"), "JPEG", quality=95)
    for orientation in range(1, 9):
        yield f"orientation_{orientation}.jpg", oriented(small, orientation, "JPEG")
    yield "rgb.png", encoded(small, "PNG")
    yield "orientation_6.png", oriented(small, 6, "PNG")
    yield "rgba.png", encoded(translucent, "PNG")
    yield "grey.png", encoded(grey, "PNG")
    yield "grey_alpha.png", encoded(translucent.convert("LA"), "PNG")
    yield "black_white.png", encoded(small.convert("1"), "PNG")
    yield "palette.png", encoded(palette, "PNG")
    yield "palette_2_bits.png", encoded(small.quantize(4), "PNG", bits=2)
    yield "palette_transparent.png", encoded(palette, "PNG", transparency=3)
    levels = np.random.default_rng(3).integers(0, 256, (5, 4), dtype=np.uint8)
    for depth in (2, 4):
        rows = b"".join(b"\0" + row.tobytes() for row in levels[:, : depth // 2 * 2])
        yield f"grey_{depth}_bits.png", png(8, 5, depth, 0, rows)
    yield "rgb_16_bits.png", deep_png(numbers)
    yield "interlaced.png", interlaced_png(np.asarray(small))
    yield "lossy.webp", encoded(small, "WEBP", quality=90)
    yield "lossless.webp", encoded(small, "WEBP", lossless=True)
    yield "alpha.webp", encoded(translucent, "WEBP", lossless=True, exact=True)
    yield "orientation_8.webp", oriented(small, 8, "WEBP", lossless=True)


def reading():
    cases = []
    for name, file in files():
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
        cases.append({"name": name, "file": text(file)} | pixels(image))
    # Pillow cuts 16-bit grey off at 255; OpenCV takes the high byte, as both do of colours.
    grey = np.random.default_rng(4).integers(0, 65536, (6, 9)).astype(np.uint16)
    image = Image.fromarray(np.repeat((grey >> 8).astype(np.uint8)[..., None], 3, -1))
    cases.append({"name": "grey_16_bits.png", "file": text(deep_png(grey))} | pixels(image))
    return cases


def letterboxed(image, width, height):
    """`ultralytics.data.augment.LetterBox(auto=False)`."""
    source = np.asarray(image)
    ratio = min(height / image.height, width / image.width)
    inner = round(image.width * ratio), round(image.height * ratio)
    x, y = (width - inner[0]) / 2, (height - inner[1]) / 2
    if (image.width, image.height) != inner:
        source = cv2.resize(source, inner, interpolation=cv2.INTER_LINEAR)
    top, bottom = round(y - 0.1), round(y + 0.1)
    left, right = round(x - 0.1), round(x + 0.1)
    source = cv2.copyMakeBorder(
        source, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    return Image.fromarray(source)


def center_cropped(image, size):
    """torchvision's `center_crop` of a picture that is large enough."""
    left, top = round((image.width - size) / 2.0), round((image.height - size) / 2.0)
    return image.crop((left, top, left + size, top + size))


def resized(image, size, filter):
    """torchvision's `Resize(size)`."""
    short, long = sorted(image.size)
    new = size, int(size * long / short)
    return image.resize(new if image.width <= image.height else new[::-1], filter)


def resizing():
    cases = []
    filters = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
    for width, height in [(97, 61), (25, 40), (20, 20)]:
        image = scene(width, height, width)
        results = []
        for name, filter in filters.items():
            for size in (16, 33):
                result = resized(image, size, filter)
                results.append({"kind": name, "arguments": [size]} | pixels(result))
            result = center_cropped(resized(image, 30, filter), 24)
            results.append({"kind": f"{name} crop", "arguments": [30, 24]} | pixels(result))
        for size in [(40, 40), (64, 24), (31, 50)]:
            result = letterboxed(image, *size)
            results.append({"kind": "letterbox", "arguments": list(size)} | pixels(result))
        cases.append({"source": pixels(image), "results": results})
    return cases


FOLDER.mkdir(exist_ok=True)
(FOLDER / "reading.json").write_text(json.dumps(reading(), indent=0))
(FOLDER / "resizing.json").write_text(json.dumps(resizing(), indent=0))
