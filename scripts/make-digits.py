"""Writes src/datasets/digits-data.ts from scikit-learn's copy of the UCI digits.

    pip download scikit-learn==1.9.1 --no-deps -d wheel     (any version of it holds the same file)
    python3 scripts/make-digits.py wheel/scikit_learn-*.whl

Each image is one line: its label, then its 64 pixels in reading order, 0 to 16 as one character of 0-9a-g.
"""

import csv
import gzip
import io
import pathlib
import sys
import zipfile

ALPHABET = "0123456789abcdefg"
HEADER = """// Made by scripts/make-digits.py; see LICENSE-digits.md for where the images come from.

/** 1,797 lines: the label, then 64 pixels from 0 (paper) to g = 16 (ink) in reading order. */
export const DIGITS: string = `"""

wheel = zipfile.ZipFile(sys.argv[1])
packed = wheel.read("sklearn/datasets/data/digits.csv.gz")
rows = list(csv.reader(io.StringIO(gzip.decompress(packed).decode())))
lines = []
for row in rows:
    *pixels, label = (int(float(cell)) for cell in row)
    assert len(pixels) == 64 and 0 <= label <= 9, row
    lines.append(str(label) + "".join(ALPHABET[pixel] for pixel in pixels))
assert len(lines) == 1797, len(lines)

target = pathlib.Path(__file__).parent.parent / "src/datasets/digits-data.ts"
target.write_text(HEADER + "\n".join(lines) + "`;\n")
print(f"{target}: {len(lines)} images, {target.stat().st_size} bytes")
