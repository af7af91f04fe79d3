"""Whether two PNG pictures show the same, and one sheet that shows both where they don't."""

from __future__ import annotations

import getpass
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

# Pictures are compared tile by tile, so that one wrong digit is not diluted by a large white page. Measured root mean
# squares of the worst tile (brightness 0 to 255) at 200 pixels an inch: the notebooks on one thread and two, and on
# PyTorch's default CPU path and avx2, up to 1.2, and loss curves in float32 4.5; a curve moved by a thousandth of its
# height 16 or more; one changed digit in a title 69 or more. Tiles of 32 pixels part these less: 4.1, 12 and 35.
TILE = 16  # pixels
LIMIT = 8.0


def pixels(png: bytes) -> np.ndarray:
    """The picture on white paper as (height, width, 3) floats from 0 to 255."""
    image = Image.open(BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"), dtype=float)


def worst_tile(stored: np.ndarray, new: np.ndarray) -> float:
    """The root mean square of the difference in the tile that differs most; both of shape (height, width, 3)."""
    squares = ((stored - new) ** 2).mean(axis=2)  # (height, width)
    squares = np.pad(squares, [(0, -size % TILE) for size in squares.shape])
    rows, columns = (size // TILE for size in squares.shape)
    return float(np.sqrt(squares.reshape(rows, TILE, columns, TILE).mean(axis=(1, 3)).max()))


def difference(stored: bytes, new: bytes) -> str:
    """What differs between two PNG files, in Korean, or an empty text if they show the same."""
    if stored == new:
        return ""
    a, b = pixels(stored), pixels(new)
    if a.shape != b.shape:
        sizes = [f"{image.shape[1]}×{image.shape[0]}" for image in (a, b)]
        return f"그림의 크기가 {sizes[0]}에서 {sizes[1]}(으)로 바뀌었습니다."
    worst = worst_tile(a, b)
    return f"그림이 달라졌습니다(차이 {worst:.0f}, {LIMIT:.0f}까지는 같은 것으로 봅니다)." if worst > LIMIT else ""


def sheet(stored: bytes, new: bytes) -> bytes:
    """A PNG file with the stored picture, the new one, and a third that is black where they differ."""
    images = [pixels(stored), pixels(new)]
    size = np.max([image.shape for image in images], axis=0)
    a, b = (
        np.pad(image, [(0, n - m) for n, m in zip(size, image.shape, strict=True)], constant_values=255)
        for image in images
    )
    apart = 255 - np.repeat(np.abs(a - b).max(axis=2, keepdims=True), 3, axis=2)
    file = BytesIO()
    Image.fromarray(np.concatenate([a, b, apart], axis=1).astype(np.uint8)).save(file, "png")
    return file.getvalue()


def save_sheet(name: str, stored: bytes, new: bytes) -> str:
    """Write the sheet of a cell's two pictures into this user's temporary folder; return a line that tells where.

    Its name holds a part of its hash, so that another run's sheet does not take its place.
    """
    folder = Path(tempfile.gettempdir()) / f"mlp_tutorial_pictures_{getpass.getuser()}"
    folder.mkdir(exist_ok=True)
    content = sheet(stored, new)
    file = folder / f"{name}_{sha256(content).hexdigest()[:6]}.png"
    file.write_bytes(content)
    return f"왼쪽부터 저장된 그림, 새 그림, 둘의 차이: {file}"
