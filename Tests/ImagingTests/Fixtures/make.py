#!/usr/bin/env python3
"""Generates the images in this folder: one for each variant of the accepted types. Needs Pillow, and jpegtran from libjpeg-turbo-progs.

Each has 48 × 32 pixels after applying the orientation, a red left half and a blue right half, so that tests can check the decoding. Those named
`unsupported-…` are variants that browsers don't show.
"""
import pathlib
import struct
import subprocess
import zlib

from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent
SIZE = (48, 32)
ORIENTED = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each orientation, as Pillow's transpositions


def halves(mode="RGB", left=(220, 30, 30), right=(30, 30, 220), size=SIZE):
    image = Image.new(mode, size, right)
    image.paste(left, (0, 0, size[0] // 2, size[1]))
    return image


def save(name, image, **options):
    image.save(HERE / name, **options)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(name, depth, color, rows, interlaced=False, extra=b""):
    """A PNG of any kind, from packed rows."""
    head = struct.pack(">IIBBBBB", *SIZE, depth, color, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def jpegs():
    image, profile = halves(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    save("baseline.jpg", image, quality=90)
    save("progressive.jpg", image, quality=90, progressive=True)
    save("gray.jpg", halves("L", 60, 200), quality=90)
    save("cmyk.jpg", image.convert("CMYK"), quality=90)
    save("icc.jpg", image, quality=90, icc_profile=profile)
    save("rgb.jpg", image, quality=90, keep_rgb=True)
    for orientation, back in ORIENTED.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        held = image if back is None else image.transpose(back)
        save(f"exif-{orientation}.jpg", held, quality=90, exif=exif)
        save(f"exif-{orientation}.png", held, exif=exif)
    baseline = (HERE / "baseline.jpg").read_bytes()
    transformed = subprocess.run(["jpegtran", "-arithmetic"], input=baseline, capture_output=True, check=True).stdout
    (HERE / "unsupported-arithmetic.jpg").write_bytes(transformed)
    start = baseline.index(b"\xff\xc0")
    for name, marker, precision in [("12-bit", 0xC1, 12), ("lossless", 0xC3, 8)]:
        frame = b"\xff" + bytes([marker]) + baseline[start + 2:start + 4] + bytes([precision])
        (HERE / f"unsupported-{name}.jpg").write_bytes(baseline[:start] + frame + baseline[start + 5:])


def pngs():
    width, height = SIZE
    half = width // 2
    save("rgb.png", halves())
    save("palette.png", halves().quantize(4))
    save("palette-transparent.png", halves("RGBA", (220, 30, 30, 255), (0, 0, 0, 0)).quantize(4))
    save("gray-alpha.png", halves("LA", (60, 255), (200, 0)))
    save("rgba.png", halves("RGBA", (220, 30, 30, 255), (30, 30, 220, 90)))
    save("icc.png", halves(), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    save("animated.png", halves(), save_all=True, append_images=[halves(left=(0, 200, 0))], duration=200)
    png("16-bit.png", 16, 2, [struct.pack(">HHH", 0xDC00, 0x1E00, 0x1E00) * half + struct.pack(">HHH", 0x1E00, 0x1E00, 0xDC00) * half] * height)
    png("16-bit-alpha.png", 16, 6, [struct.pack(">HHHH", 0xDC00, 0x1E00, 0x1E00, 0xFFFF) * half + struct.pack(">HHHH", 0x1E00, 0x1E00, 0xDC00, 0x8000) * half] * height)
    png("1-bit.png", 1, 0, [b"\0" * (half // 8) + b"\xff" * (half // 8)] * height)
    png("16-bit-gray.png", 16, 0, [b"\x3c\0" * half + b"\xc8\0" * half] * height)
    # The color of the right half is declared transparent.
    keyed = [bytes((220, 30, 30)) * half + bytes((30, 30, 220)) * half] * height
    png("color-key.png", 8, 2, keyed, extra=chunk(b"tRNS", struct.pack(">HHH", 30, 30, 220)))
    rows = []
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for _ in range(y0, height, dy):
            rows.append(b"".join(bytes((220, 30, 30) if x < half else (30, 30, 220)) for x in range(x0, width, dx)))
    png("interlaced.png", 8, 2, rows, interlaced=True)


def gifs():
    frames = [halves().quantize(4), halves(left=(0, 200, 0)).quantize(4)]
    save("still.gif", frames[0])
    save("interlaced.gif", frames[0], interlace=1)
    save("animated.gif", frames[0], save_all=True, append_images=frames[1:], duration=200, loop=0)
    save("transparent.gif", halves("RGBA", (220, 30, 30, 255), (0, 0, 0, 0)))


def webps():
    clear = halves("RGBA", (220, 30, 30, 255), (30, 30, 220, 0))
    later = [halves(left=(0, 200, 0))]
    save("lossy.webp", halves(), quality=90)
    save("lossless.webp", halves(), lossless=True)
    save("lossy-alpha.webp", clear, quality=90)
    save("lossless-alpha.webp", clear, lossless=True)
    save("animated.webp", halves(), save_all=True, append_images=later, duration=200, quality=90)
    save("animated-lossless.webp", halves(), save_all=True, append_images=later, duration=200, lossless=True)
    save("animated-alpha.webp", clear, save_all=True, append_images=later, duration=200, lossless=True)
    save("icc.webp", halves(), quality=90, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # A first frame that covers only a part of the canvas: its right half.
    whole = bytearray((HERE / "animated-lossless.webp").read_bytes())
    still = halves(left=(30, 30, 220), size=(24, 32))
    save("part.webp", still, lossless=True)
    image = (HERE / "part.webp").read_bytes()[12:]
    frame = struct.pack("<I", 24 // 2)[:3] + b"\0\0\0" + struct.pack("<I", 23)[:3] + struct.pack("<I", 31)[:3] + b"\xc8\0\0\0" + image
    start = whole.index(b"ANMF")
    body = bytes(whole[12:start]) + b"ANMF" + struct.pack("<I", len(frame)) + frame
    (HERE / "part.webp").write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)


jpegs()
pngs()
gifs()
webps()
