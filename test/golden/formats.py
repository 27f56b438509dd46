"""Golden values of image formats: small drawn files in every kind that people have, and what Pillow or tifffile reads.

Run with a Python that has numpy, Pillow and tifffile:  python test/golden/formats.py
Writes test/golden/values/formats.json: for each file its bytes, and the pixels of `exif_transpose(open(file))` as RGB
(8 bit), or as stored where Pillow has no mode for them (16 bit, by tifffile and numpy). No image is of a patient.
"""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL
import tifffile
from PIL import Image, ImageOps

OUT = Path(__file__).parent / "values" / "formats.json"
WIDTH, HEIGHT = 13, 9
rng = np.random.default_rng(7)

GREY = rng.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
RGB = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
ALPHA = rng.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
GREY16 = rng.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16)
RGB16 = rng.integers(0, 65536, (HEIGHT, WIDTH, 3), dtype=np.uint16)
INDEX = rng.integers(0, 16, (HEIGHT, WIDTH), dtype=np.uint8)
COLOURS = rng.integers(0, 256, (16, 3), dtype=np.uint8)
BITS = GREY > 120

cases = []


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def add(name, data, pixels=None, tolerance=0):
    """`pixels`: H x W or H x W x 3, 8 or 16 bit; by default what Pillow makes of the file as RGB."""
    if pixels is None:
        pixels = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))
    cases.append(
        dict(
            name=name,
            bytes=base64.b64encode(data).decode("ascii"),
            width=pixels.shape[1],
            height=pixels.shape[0],
            channels=1 if pixels.ndim == 2 else 3,
            bits=8 * pixels.dtype.itemsize,
            pixels=encoded(pixels),
            tolerance=tolerance,
        )
    )


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def tiff(array, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, array, **options)
    return file.getvalue()


def png(array, depth, colour_type, extra=b""):
    """A PNG of any depth: rows of packed samples, filter 0."""
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = []
    for row in array.reshape(array.shape[0], -1):
        if depth == 16:
            rows.append(b"\0" + row.astype(">u2").tobytes())
        else:
            bits = "".join(format(int(value), f"0{depth}b") for value in row)
            bits += "0" * (-len(bits) % 8)
            rows.append(b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big"))
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], depth, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bmp(rows, bits, compression=0, palette=b"", masks=b"", top_down=False, data=None):
    """A BMP with a BITMAPINFOHEADER; `rows` are packed, from the top."""
    padded = [row + b"\0" * (-len(row) % 4) for row in rows]
    pixels = data if data is not None else b"".join(padded if top_down else padded[::-1])
    height = -HEIGHT if top_down else HEIGHT
    offset = 14 + 40 + len(masks) + len(palette)
    info = struct.pack(
        "<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(pixels), 2835, 2835, len(palette) // 4, 0
    )
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + masks + palette + pixels


def packed(values, bits):
    rows = []
    for row in values:
        text = "".join(format(int(value), f"0{bits}b") for value in row)
        text += "0" * (-len(text) % 8)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return rows


def bmps():
    quads = b"".join(bytes([b, g, r, 0]) for r, g, b in COLOURS)
    greys = b"".join(bytes([v, v, v, 0]) for v in range(256))
    add("1 bit.bmp", saved(Image.fromarray(BITS), "BMP"))
    add("4 bit.bmp", bmp(packed(INDEX, 4), 4, palette=quads))
    add("8 bit grey.bmp", saved(Image.fromarray(GREY), "BMP"))
    add("8 bit palette.bmp", bmp(packed(INDEX, 8), 8, palette=quads))
    add("8 bit full palette.bmp", bmp([row.tobytes() for row in GREY], 8, palette=greys))
    add("24 bit.bmp", saved(Image.fromarray(RGB), "BMP"))
    bgr = [row[:, ::-1].tobytes() for row in RGB]
    add("24 bit top down.bmp", bmp(bgr, 24, top_down=True))
    bgrx = [np.dstack([row[None, :, ::-1], np.zeros((1, WIDTH, 1), np.uint8)]).tobytes() for row in RGB]
    add("32 bit.bmp", bmp(bgrx, 32))
    add("32 bit alpha.bmp", saved(Image.fromarray(np.dstack([RGB, ALPHA])), "BMP"))
    fives = (RGB >> 3).astype(np.uint16)
    add("16 bit 555.bmp", bmp([(r[:, 0] << 10 | r[:, 1] << 5 | r[:, 2]).astype("<u2").tobytes() for r in fives], 16))
    sixes = (RGB >> 2).astype(np.uint16)
    rows = [(f[:, 0] << 11 | s[:, 1] << 5 | f[:, 2]).astype("<u2").tobytes() for f, s in zip(fives, sixes)]
    add("16 bit 565.bmp", bmp(rows, 16, 3, masks=struct.pack("<III", 0xF800, 0x07E0, 0x001F)))
    rgbx = [np.dstack([row[None], np.zeros((1, WIDTH, 1), np.uint8)]).tobytes() for row in RGB]
    add("32 bit fields.bmp", bmp(rgbx, 32, 3, masks=struct.pack("<III", 0xFF, 0xFF00, 0xFF0000)), RGB)
    runs8 = b"".join(
        b"".join(bytes([1, value]) for value in row) + b"\0\0" for row in INDEX[::-1]
    ) + b"\0\1"
    add("run lengths 8.bmp", bmp([], 8, 1, palette=quads, data=runs8))
    absolute = b""
    for row in INDEX[::-1]:
        absolute += bytes([0, WIDTH]) + row.tobytes() + b"\0" * (WIDTH % 2) + b"\0\0"
    add("run lengths 8 absolute.bmp", bmp([], 8, 1, palette=quads, data=absolute + b"\0\1"))
    runs4 = b""
    for row in INDEX[::-1]:
        for at in range(0, WIDTH - 1, 2):
            runs4 += bytes([2, row[at] << 4 | row[at + 1]])
        runs4 += bytes([1, row[-1] << 4]) + b"\0\0"
    add("run lengths 4.bmp", bmp([], 4, 2, palette=quads, data=runs4 + b"\0\1"))
    padded = b"".join(row + b"\0" * (-len(row) % 4) for row in bgr[::-1])
    core = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24)
    add("OS2.bmp", b"BM" + struct.pack("<IHHI", 26 + len(padded), 0, 0, 26) + core + padded)


def anymap(kind, samples, white=None, header=None):
    """A portable anymap of bytes (kinds 4 to 6) or text (1 to 3)."""
    head = header or f"P{kind}\n{WIDTH} {HEIGHT}\n" + ("" if white is None else f"{white}\n")
    if kind <= 3:
        between = "" if kind == 1 else " "
        return (head + "\n".join(between.join(map(str, row.ravel())) for row in samples) + "\n").encode("ascii")
    return head.encode("ascii") + samples


def anymaps():
    add("8 bit.pgm", saved(Image.fromarray(GREY), "PPM"))
    header = f"P5 # of a scanner\n#another\n{WIDTH}\t{HEIGHT} # both\n255\n"
    add("comments.pgm", anymap(5, GREY.tobytes(), header=header))
    add("one line.pgm", anymap(5, GREY.tobytes(), header=f"P5 {WIDTH} {HEIGHT} 255 "))
    add("6 bit.pgm", anymap(5, (GREY >> 2).tobytes(), 63))
    add("7 levels.pgm", anymap(5, (GREY % 7).tobytes(), 6))
    add("16 bit.pgm", anymap(5, GREY16.astype(">u2").tobytes(), 65535), GREY16)
    for white in (4095, 1000):
        values = GREY16 % (white + 1)
        scaled = np.asarray(Image.open(io.BytesIO(anymap(5, values.astype(">u2").tobytes(), white))))
        add(f"16 bit up to {white}.pgm", anymap(5, values.astype(">u2").tobytes(), white), scaled.astype(np.uint16))
    add("text.pgm", anymap(2, GREY, 255))
    add("text of 16 bit.pgm", anymap(2, GREY16, 65535), GREY16)
    add("colour.ppm", saved(Image.fromarray(RGB), "PPM"))
    add("text.ppm", anymap(3, RGB, 255))
    add("16 bit colour.ppm", anymap(6, (RGB16 % 1001).astype(">u2").tobytes(), 1000))
    add("bits.pbm", saved(Image.fromarray(BITS), "PPM"))
    add("text.pbm", anymap(1, BITS.astype(int)))


def oriented(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def pngs():
    add("1 bit.png", png(BITS, 1, 0), BITS.astype(np.uint8) * 255)
    add("2 bit.png", png(INDEX >> 2, 2, 0), (INDEX >> 2) * 85)
    add("4 bit.png", png(INDEX, 4, 0), INDEX * 17)
    add("grey alpha.png", saved(Image.fromarray(np.dstack([GREY, ALPHA]), "LA"), "PNG"))
    add("colour alpha.png", saved(Image.fromarray(np.dstack([RGB, ALPHA])), "PNG"))
    add("16 bit.png", png(GREY16, 16, 0), GREY16)
    add("16 bit alpha.png", png(np.dstack([GREY16, GREY16[::-1]]), 16, 4), GREY16)
    add("16 bit colour.png", png(RGB16, 16, 2), RGB16)
    add("16 bit colour alpha.png", png(np.dstack([RGB16, GREY16]), 16, 6), RGB16)
    palette = Image.fromarray(INDEX, "P")
    palette.putpalette(COLOURS.tobytes())
    add("palette.png", saved(palette, "PNG"))
    add("palette transparent.png", saved(palette, "PNG", transparency=3))
    add("transparent colour.png", saved(Image.fromarray(GREY), "PNG", transparency=int(GREY[2, 2])))
    for orientation in range(1, 9):
        add(f"turned {orientation}.png", saved(Image.fromarray(RGB), "PNG", exif=oriented(orientation)))


def jpegs():
    smooth = Image.fromarray(RGB).resize((40, 28), Image.Resampling.BICUBIC)
    for orientation in range(1, 9):
        data = saved(smooth, "JPEG", quality=95, subsampling=0, exif=oriented(orientation))
        add(f"turned {orientation}.jpg", data, tolerance=1)
    grey = smooth.convert("L")
    for orientation in (3, 6, 7):
        add(f"grey turned {orientation}.jpg", saved(grey, "JPEG", quality=95, exif=oriented(orientation)), tolerance=1)
    add("CMYK.jpg", saved(smooth.convert("CMYK"), "JPEG", quality=95), tolerance=2)
    add("progressive.jpg", saved(smooth, "JPEG", quality=95, subsampling=0, progressive=True), tolerance=1)


def tiffs():
    add("1 bit.tif", saved(Image.fromarray(BITS), "TIFF"))
    add("1 bit group 4.tif", saved(Image.fromarray(BITS), "TIFF", compression="group4"))
    add("1 bit white is zero.tif", tiff(BITS, photometric="miniswhite"))
    add("white is zero.tif", tiff(GREY, photometric="miniswhite"))
    add("16 bit white is zero.tif", tiff(GREY16, photometric="miniswhite"), 65535 - GREY16)
    add("grey alpha.tif", saved(Image.fromarray(np.dstack([GREY, ALPHA]), "LA"), "TIFF"))
    palette = Image.fromarray(INDEX, "P")
    palette.putpalette(COLOURS.tobytes())
    add("palette.tif", saved(palette, "TIFF"))
    add("colour alpha.tif", saved(Image.fromarray(np.dstack([RGB, ALPHA])), "TIFF"))
    add("CMYK.tif", saved(Image.fromarray(RGB).convert("CMYK"), "TIFF"))
    add("LZW.tif", saved(Image.fromarray(RGB), "TIFF", compression="tiff_lzw"))
    add("deflate predictor.tif", tiff(RGB, photometric="rgb", compression="zlib", predictor=True))
    add("JPEG inside.tif", saved(Image.fromarray(RGB), "TIFF", compression="jpeg", quality=95), tolerance=2)
    add("planes.tif", tiff(np.moveaxis(RGB, -1, 0), photometric="rgb", planarconfig="separate"))
    tile = np.zeros((32, 48, 3), np.uint8)
    tile[:HEIGHT, :WIDTH] = RGB
    add("tiles.tif", tiff(tile, photometric="rgb", tile=(16, 16)))
    add("BigTIFF.tif", tiff(RGB, photometric="rgb", bigtiff=True))
    add("16 bit.tif", tiff(GREY16, photometric="minisblack"), GREY16)
    add("16 bit big endian.tif", tiff(GREY16, photometric="minisblack", byteorder=">"), GREY16)
    add("12 bit in 16.tif", tiff(GREY16 >> 4, photometric="minisblack"), GREY16 >> 4)
    add("16 bit colour.tif", tiff(RGB16, photometric="rgb"), RGB16)
    alpha = np.dstack([RGB16, GREY16])
    add("16 bit colour alpha.tif", tiff(alpha, photometric="rgb", extrasamples=["unassalpha"]), RGB16)
    grey_alpha = np.dstack([GREY16, GREY16[::-1]])
    add("16 bit alpha.tif", tiff(grey_alpha, photometric="minisblack", extrasamples=["unassalpha"]), GREY16)
    for orientation in range(1, 9):
        tags = [(274, "H", 1, orientation, True)]
        add(f"turned {orientation}.tif", tiff(RGB, photometric="rgb", extratags=tags))
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(RGB, photometric="rgb", subifds=1)
        writer.write(RGB[::2, ::2], photometric="rgb", subfiletype=1)
    add("pyramid.tif", file.getvalue(), RGB)
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(RGB, photometric="rgb")
        writer.write(RGB[::2, ::2], photometric="rgb", subfiletype=1)
    add("reduced copy.tif", file.getvalue(), RGB)


def ranged(values, low, high):
    """The documented rule for samples that are no unsigned 8 or 16 bit: low becomes 0, high 65535."""
    share = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1)
    return np.floor(share * 65535 + 0.5).astype(np.uint16)


def percentiles(values):
    """The values below and above which half a percent of the finite samples lie."""
    ordered = np.sort(values[np.isfinite(values)].astype(np.float64).ravel())
    few = int(np.floor(0.005 * len(ordered)))
    return ordered[few], ordered[len(ordered) - 1 - few]


def numbers():
    height, width = 30, 40
    wave = (np.sin(np.arange(height)[:, None] / 5) + np.cos(np.arange(width)[None] / 7)).astype(np.float32)
    add("float.tif", tiff(wave, photometric="minisblack"), ranged(wave, *percentiles(wave)))
    tags = [(340, "f", 1, -3.0, True), (341, "f", 1, 3.0, True)]
    add("float with its range.tif", tiff(wave, photometric="minisblack", extratags=tags), ranged(wave, -3, 3))
    holes = wave.copy()
    holes[3:5, 4:9] = np.nan
    shown = ranged(np.where(np.isfinite(holes), holes, percentiles(holes)[0]), *percentiles(holes))
    add("float with holes.tif", tiff(holes, photometric="minisblack"), shown)
    signed = np.round(wave * 1000).astype(np.int16)
    add("signed.tif", tiff(signed, photometric="minisblack"), ranged(signed, *percentiles(signed)))
    lower = np.round(wave * 1_000_000).astype(np.int32)
    add("signed 32 bit.tif", tiff(lower, photometric="minisblack"), ranged(lower, *percentiles(lower)))
    large = (np.round(wave * 1000) + 5000).astype(np.uint32) * 1000
    add("32 bit.tif", tiff(large, photometric="minisblack"), ranged(large, *percentiles(large)))
    colour = np.dstack([wave, wave[::-1], wave[:, ::-1]])
    add("float colour.tif", tiff(colour, photometric="rgb"), ranged(colour, *percentiles(colour)))


def pages():
    stack = rng.integers(0, 256, (3, HEIGHT, WIDTH), dtype=np.uint8)
    data = tiff(stack, photometric="minisblack")
    for page in range(3):
        add(f"pages.tif#{page + 1}", data, stack[page])
    deep = rng.integers(0, 65536, (2, HEIGHT, WIDTH), dtype=np.uint16)
    data = tiff(deep, photometric="minisblack")
    add("pages 16 bit.tif#2", data, deep[1])


def gifs():
    palette = Image.fromarray(INDEX, "P")
    palette.putpalette(COLOURS.tobytes())
    add("first picture.gif", saved(palette, "GIF", save_all=True, append_images=[palette.rotate(180)]))


for draw in (bmps, anymaps, pngs, jpegs, tiffs, numbers, pages, gifs):
    draw()
made_by = f"test/golden/formats.py with Pillow {PIL.__version__}, tifffile {tifffile.__version__}"
refused = {
    "double.tif": tiff(np.linspace(0, 1, 12).reshape(3, 4), photometric="minisblack"),
    "pages.tif": tiff(np.zeros((3, 4, 5), np.uint8), photometric="minisblack"),
    "short palette.bmp": bmp([], 8, data=b"")[:54],
    "16 bit of run lengths.bmp": bmp([b"\0" * 2 * WIDTH] * HEIGHT, 16, 1),
    "few run lengths.bmp": bmp([], 8, 1, data=b"\0\1").replace(
        struct.pack("<ii", WIDTH, HEIGHT), struct.pack("<ii", 10_000, 9_000)
    ),
    "too large a sample.pgm": anymap(2, np.full((HEIGHT, WIDTH), 9), 8),
    "a sample that is no number.pgm": f"P2 {WIDTH} {HEIGHT} 255 ".encode() + b"x " * WIDTH * HEIGHT,
    "no size.pgm": b"P5\n",
    "nothing white.pgm": anymap(5, GREY.tobytes(), 0),
    "huge.pgm": b"P5 100000 100000 255 " + bytes(100),
    "huge text.pbm": b"P1 4000000000 4000000000 01",
    "huge run lengths.bmp": bmp([], 8, 1, data=b"\0\1").replace(
        struct.pack("<ii", WIDTH, HEIGHT), struct.pack("<ii", 100_000, 100_000)
    ),
}
refused = {name: base64.b64encode(data).decode("ascii") for name, data in refused.items()}
OUT.write_text(json.dumps(dict(made_by=made_by, cases=cases, refused=refused), indent=0) + "\n")
print(len(cases), "cases,", OUT.stat().st_size, "bytes")
