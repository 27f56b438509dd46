"""Golden values of DICOM: pydicom 3 with its decoders, on files that this script writes, on pydicom's own and on shared ones.

Run with a Python that has pydicom>=3, numpy, Pillow, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg, pylibjpeg-rle and
pyjpegls, beside an installed node_modules:  python test/golden/dicom.py
Writes test/golden/values/dicom: own/ (drawn, no patient), pydicom/ (secondary captures and the like of pydicom's test files,
MIT licence, made-up names) and golden.json. Of ../shared/data/dicom hashes and, where a codec loses, samples are kept.
"""

import base64
import glob
import hashlib
import json
import os
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels import apply_modality_lut, apply_voi_lut, apply_color_lut, pixel_array
from pydicom.sequence import Sequence
from pydicom import uid

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
OUT = HERE / "values" / "dicom"
SHARED = HERE.parents[2] / "shared" / "data" / "dicom"
PYDICOM = Path(pydicom.__file__).parent / "data" / "test_files"
# The files of github.com/pydicom/pydicom-data, where they are: HTJ2K, lossless JPEG and others that nothing here encodes.
PUBLIC = Path(os.environ.get("OVERREAD_PUBLIC_DICOM", "/nowhere"))

H, W = 45, 66


def drawn(bits, seed=1, signed=False):
    """A ramp with waves and noise over the whole range of `bits`."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:H, 0:W]
    share = np.clip(0.5 + 0.35 * np.sin(x / 5) * np.cos(y / 4) + 0.15 * (x / W) + rng.normal(0, 0.02, (H, W)), 0, 1)
    values = np.round(share * (2**bits - 1)).astype(np.int64)
    return values - 2 ** (bits - 1) if signed else values


def drawn_rgb(seed=5):
    return np.stack([drawn(8, seed), drawn(8, seed + 1)[:, ::-1], drawn(8, seed + 2)[::-1]], axis=-1).astype(np.uint8)


def dataset(samples, allocated, stored, photometric="MONOCHROME2", signed=False, high=None, syntax=uid.ExplicitVRLittleEndian, **more):
    """`samples`: (frames,) rows, columns(, 3) of the container type, or bytes."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = uid.SecondaryCaptureImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "1.2.3.4.5"
    ds.Modality = "OT"
    ds.Rows, ds.Columns = H, W
    ds.SamplesPerPixel = 3 if photometric[:3] in ("RGB", "YBR") else 1
    ds.PhotometricInterpretation = photometric
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored = allocated, stored
    ds.HighBit = stored - 1 if high is None else high
    ds.PixelRepresentation = int(signed)
    for name, value in more.items():
        setattr(ds, name, value)
    big = syntax == uid.ExplicitVRBigEndian
    if isinstance(samples, np.ndarray):
        code = {8: "u1", 16: "u2", 32: "u4"}[allocated]
        container = (samples.astype(np.int64) & (2**allocated - 1)).astype((">" if big else "<") + code)
        data = container.tobytes()
    else:
        data = samples
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if allocated > 8 else "OB"
    return ds


def save(ds, name):
    path = OUT / "own" / f"{name}.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


def compressed(ds, syntax, **options):
    ds.compress(syntax, generate_instance_uid=False, **options)
    return ds


def encode(tasks):
    done = subprocess.run(["node", str(HERE / "dicomEncode.cjs")], input=json.dumps(tasks), capture_output=True, text=True, check=True)
    return [base64.b64decode(text) for text in json.loads(done.stdout)]


def task(codec, samples, allocated, stored, components=1, **more):
    raw = samples.astype({8: "<u1", 16: "<u2"}[allocated]).tobytes()
    return dict(codec=codec, raw=base64.b64encode(raw).decode(), width=W, height=H, allocated=allocated, stored=stored, components=components, **more)


def encapsulated(ds, frames, syntax, **options):
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PixelData = encapsulate(frames, **options)
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    return ds


def item(**values):
    ds = Dataset()
    for name, value in values.items():
        setattr(ds, name, value)
    return ds


def lut(first, bits, values, explanation="a table"):
    ds = Dataset()
    ds.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(values), first, bits])
    ds.LUTExplanation = explanation
    ds.add_new("LUTData", "OW", np.asarray(values, "<u2").tobytes())
    return ds


def write_syntaxes():
    g8, g12, s16 = drawn(8), drawn(12), drawn(16, signed=True)
    rgb = drawn_rgb()
    for name, syntax in (("implicit", uid.ImplicitVRLittleEndian), ("explicit", uid.ExplicitVRLittleEndian), ("big-endian", uid.ExplicitVRBigEndian), ("deflated", uid.DeflatedExplicitVRLittleEndian)):
        save(dataset(g12, 16, 12, syntax=syntax), f"{name}-12")
        save(dataset(s16, 16, 16, signed=True, syntax=syntax), f"{name}-signed")
        save(dataset(rgb, 8, 8, "RGB", syntax=syntax), f"{name}-rgb")
    for name, syntax, options in (
        ("rle", uid.RLELossless, {}),
        ("jpegls", uid.JPEGLSLossless, {}),
        ("jpegls-near", uid.JPEGLSNearLossless, dict(jls_error=2)),
        ("j2k", uid.JPEG2000Lossless, {}),
        ("j2k-lossy", uid.JPEG2000, dict(j2k_cr=[6])),
    ):
        save(compressed(dataset(g8, 8, 8), syntax, **options), f"{name}-8")
        save(compressed(dataset(g12, 16, 12), syntax, **options), f"{name}-12")
        if name != "jpegls-near":
            save(compressed(dataset(s16, 16, 16, signed=True), syntax, **options), f"{name}-signed")
        colour = "YBR_RCT" if name == "j2k" else "YBR_ICT" if name == "j2k-lossy" else "RGB"
        ds = dataset(rgb, 8, 8, "RGB")
        if colour != "RGB":
            ds.PhotometricInterpretation = colour
        save(compressed(ds, syntax, **options), f"{name}-rgb")
    tasks, made = [], []
    for predictor in range(1, 8):
        tasks.append(task("jpeg", g12, 16, 12, predictor=predictor))
        made.append((f"jpeg-lossless-{predictor}", dataset(g12, 16, 12), uid.JPEGLosslessSV1 if predictor == 1 else uid.JPEGLossless))
    tasks += [task("jpeg", g8, 8, 8), task("jpeg", rgb, 8, 8, 3), task("jpeg", drawn(16), 16, 16)]
    made += [
        ("jpeg-lossless-8", dataset(g8, 8, 8), uid.JPEGLosslessSV1),
        ("jpeg-lossless-rgb", dataset(rgb, 8, 8, "RGB"), uid.JPEGLosslessSV1),
        ("jpeg-lossless-16", dataset(drawn(16), 16, 16), uid.JPEGLosslessSV1),
    ]
    tasks += [task("htj2k", g8, 8, 8), task("htj2k", g12, 16, 12), task("htj2k", g12, 16, 12, progression=2), task("htj2k", rgb, 8, 8, 3)]
    made += [
        ("htj2k-8", dataset(g8, 8, 8), uid.HTJ2KLossless),
        ("htj2k-12", dataset(g12, 16, 12), uid.HTJ2KLossless),
        ("htj2k-rpcl", dataset(g12, 16, 12), uid.HTJ2KLosslessRPCL),
        ("htj2k-rgb", dataset(rgb, 8, 8, "RGB", PhotometricInterpretation="YBR_RCT"), uid.HTJ2KLossless),
    ]
    for (name, ds, syntax), codestream in zip(made, encode(tasks)):
        save(encapsulated(ds, [codestream], syntax), name)
    from io import BytesIO
    from PIL import Image

    for name, image, photometric, options in (
        ("jpeg-8", Image.fromarray(g8.astype(np.uint8)), "MONOCHROME2", {}),
        ("jpeg-progressive", Image.fromarray(g8.astype(np.uint8)), "MONOCHROME1", dict(progressive=True)),
        ("jpeg-444", Image.fromarray(rgb), "YBR_FULL", dict(subsampling=0)),
        ("jpeg-422", Image.fromarray(rgb), "YBR_FULL_422", dict(subsampling=1)),
        ("jpeg-420", Image.fromarray(rgb), "YBR_FULL_422", dict(subsampling=2)),
    ):
        out = BytesIO()
        image.save(out, "JPEG", quality=92, **options)
        ds = dataset(np.zeros((H, W), np.uint8), 8, 8, photometric)
        save(encapsulated(ds, [out.getvalue()], uid.JPEGBaseline8Bit), name)


def write_interpretations():
    g8, g12, s12 = drawn(8), drawn(12), drawn(12, signed=True)
    rgb = drawn_rgb()
    save(dataset(np.moveaxis(rgb, -1, 0).tobytes(), 8, 8, "RGB", PlanarConfiguration=1), "rgb-planes")
    save(dataset(rgb.astype(np.uint16) * 257, 16, 16, "RGB"), "rgb-16")
    save(dataset(rgb, 8, 8, "YBR_FULL"), "ybr-full")
    pairs = np.empty((H, W // 2, 4), np.uint8)
    pairs[..., 0], pairs[..., 1] = rgb[:, 0::2, 0], rgb[:, 1::2, 0]
    pairs[..., 2], pairs[..., 3] = rgb[:, 0::2, 1], rgb[:, 0::2, 2]
    save(dataset(pairs.tobytes(), 8, 8, "YBR_FULL_422"), "ybr-422")
    save(dataset(pairs.tobytes(), 8, 8, "YBR_PARTIAL_422"), "ybr-partial-422")
    # Overlay bits in what is not stored, and stored bits at the top of the word.
    save(dataset(g12 | 0xF000, 16, 12), "overlay-bits")
    save(dataset((s12 & 0x0FFF) | 0x5000, 16, 12, signed=True), "overlay-bits-signed")
    save(dataset((g12 << 4) | 0x0005, 16, 12, high=15), "high-bit-15")
    save(dataset(np.packbits(g8 > 127, bitorder="little").tobytes(), 1, 1), "one-bit")
    save(dataset(drawn(24), 32, 24), "grey-32")
    floats = dataset(b"", 32, 32)
    for name in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(floats, name)
    floats.FloatPixelData = (drawn(12) / 7 - 200).astype("<f4").tobytes()
    save(floats, "float-32")
    ramp = np.arange(256)
    palette = dataset(g8, 8, 8, "PALETTE COLOR")
    for name, values in (("Red", ramp), ("Green", 255 - ramp), ("Blue", (ramp * 3) % 256)):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(palette, f"{name}PaletteColorLookupTableData", (values * 257).astype("<u2").tobytes())
    save(palette, "palette-16")
    palette = dataset(g8, 8, 8, "PALETTE COLOR")
    for name, values in (("Red", ramp[:200]), ("Green", 255 - ramp[:200]), ("Blue", (ramp[:200] * 3) % 256)):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [200, 20, 8])
        setattr(palette, f"{name}PaletteColorLookupTableData", values.astype(np.uint8).tobytes())
    save(palette, "palette-8")
    palette = dataset(g8, 8, 8, "PALETTE COLOR")
    for name, segments in (("Red", [0, 1, 0, 1, 255, 65535]), ("Green", [0, 2, 65535, 65000, 1, 254, 0]), ("Blue", [0, 1, 300, 1, 100, 40000, 1, 155, 20000])):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(palette, f"Segmented{name}PaletteColorLookupTableData", np.asarray(segments, "<u2").tobytes())
    save(palette, "palette-segmented")


def write_frames():
    frames = np.stack([drawn(8, seed) for seed in range(10, 15)])
    save(dataset(frames, 8, 8, NumberOfFrames=5), "frames-native")
    ds = dataset(frames, 8, 8, NumberOfFrames=5)
    ds.RepresentativeFrameNumber = 4
    save(ds, "frames-representative")
    bits = np.packbits(frames.ravel() > 127, bitorder="little").tobytes()
    save(dataset(bits, 1, 1, NumberOfFrames=5), "frames-one-bit")
    ds = compressed(dataset(frames, 8, 8, NumberOfFrames=5), uid.JPEG2000Lossless)
    codestreams = [frame for frame in pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=5)]
    make = lambda: dataset(frames, 8, 8, NumberOfFrames=5)
    save(encapsulated(make(), codestreams, uid.JPEG2000Lossless), "frames-offsets")
    save(encapsulated(make(), codestreams, uid.JPEG2000Lossless, has_bot=False), "frames-no-offsets")
    save(encapsulated(make(), codestreams, uid.JPEG2000Lossless, fragments_per_frame=3), "frames-fragments")
    save(encapsulated(make(), codestreams, uid.JPEG2000Lossless, fragments_per_frame=2, has_bot=False), "frames-fragments-no-offsets")
    ds = encapsulated(make(), codestreams, uid.JPEG2000Lossless)
    ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(codestreams)
    ds["PixelData"].is_undefined_length = True
    save(ds, "frames-extended-offsets")


def write_displays():
    g8, g12, s12 = drawn(8), drawn(12), drawn(12, signed=True)
    window = dict(WindowCenter=300.0, WindowWidth=900.0)
    save(dataset(g12, 16, 12, **window), "display-linear")
    save(dataset(g12, 16, 12, "MONOCHROME1", **window), "display-monochrome1")
    save(dataset(g12, 16, 12, VOILUTFunction="LINEAR_EXACT", **window), "display-exact")
    save(dataset(g12, 16, 12, VOILUTFunction="SIGMOID", **window), "display-sigmoid")
    save(dataset(g12, 16, 12, PresentationLUTShape="INVERSE", **window), "display-inverse")
    # Inverted once, not twice.
    save(dataset(g12, 16, 12, "MONOCHROME1", PresentationLUTShape="INVERSE", **window), "display-inverse-once")
    save(dataset(g12, 16, 12, "MONOCHROME1", PresentationLUTShape="IDENTITY", **window), "display-identity")
    save(dataset(s12, 16, 12, signed=True, RescaleSlope=1.5, RescaleIntercept=-24.0, WindowCenter=[40.0, -600.0], WindowWidth=[400.0, 1500.0], WindowCenterWidthExplanation=["SOFT TISSUE", "LUNG"]), "display-rescale")
    save(dataset(g12, 16, 12, RescaleSlope=-2.0, RescaleIntercept=5000.0, WindowCenter=2000.0, WindowWidth=3000.0), "display-falling")
    curve = np.round(4095 * (np.arange(4096) / 4095) ** 0.5).astype(int)
    save(dataset(g12, 16, 12, ModalityLUTSequence=Sequence([lut(0, 16, curve)]), WindowCenter=2500.0, WindowWidth=2000.0), "display-modality-lut")
    steep = np.round(255 / (1 + np.exp(-(np.arange(2000) - 1000) / 150))).astype(int)
    save(dataset(g12, 16, 12, VOILUTSequence=Sequence([lut(800, 8, steep)]), **window), "display-voi-lut")
    save(dataset(s12, 16, 12, signed=True, VOILUTSequence=Sequence([lut(-900, 8, steep)])), "display-voi-lut-signed")
    padded = g12.copy()
    padded[:5] = 63
    padded[5:8] = 60
    save(dataset(padded, 16, 12, PixelPaddingValue=63, PixelPaddingRangeLimit=60), "display-padding")
    save(dataset(g12, 16, 12), "display-percentiles")
    save(dataset(g8, 8, 8), "display-8")
    frames = np.stack([g12, g12[::-1], g12[:, ::-1]])
    groups = [item(FrameVOILUTSequence=Sequence([item(WindowCenter=c, WindowWidth=w)]), PixelMeasuresSequence=Sequence([item(PixelSpacing=[2.0, 1.0])])) for c, w in ((300.0, 500.0), (900.0, 1000.0), (2000.0, 3000.0))]
    shared = [item(PixelValueTransformationSequence=Sequence([item(RescaleSlope=2.0, RescaleIntercept=-100.0, RescaleType="US")]))]
    save(dataset(frames, 16, 12, NumberOfFrames=3, RescaleSlope=7.0, RescaleIntercept=7.0, PerFrameFunctionalGroupsSequence=Sequence(groups), SharedFunctionalGroupsSequence=Sequence(shared), **window), "display-functional-groups")


def shown(ds, stored, frame):
    """8-bit grey by the standard's formulas, cross-checked with pydicom where it does the same."""
    groups = ds.get("PerFrameFunctionalGroupsSequence")
    view = ds
    if groups:
        view = Dataset()
        view.update(ds)
        for macro in (groups[frame].FrameVOILUTSequence[0], ds.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0]):
            for element in macro:
                view[element.tag] = element
    stored = stored.astype(np.int64)
    padding = np.zeros(stored.shape, bool)
    if "PixelPaddingValue" in ds:
        ends = sorted([int(ds.PixelPaddingValue), int(ds.get("PixelPaddingRangeLimit", ds.PixelPaddingValue))])
        padding = (stored >= ends[0]) & (stored <= ends[1])
    real = apply_modality_lut(stored, view).astype(float)
    if "VOILUTSequence" in view:
        table = view.VOILUTSequence[0]
        count, first, bits = table.LUTDescriptor
        values = np.frombuffer(table.LUTData, "<u2")
        # pydicom 3.0 looks 8-bit tables up with 8-bit indices.
        share = values[np.clip(np.round(real).astype(int) - first, 0, count - 1)] / (2**bits - 1)
    else:
        function = view.get("VOILUTFunction", "LINEAR")
        if "WindowCenter" in view:
            first = lambda value: float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)
            c, w = first(view.WindowCenter), first(view.WindowWidth)
            if function == "LINEAR":
                share = (real - (c - 0.5)) / (w - 1) + 0.5
            elif function == "LINEAR_EXACT":
                share = (real - c) / w + 0.5
            else:
                share = 1 / (1 + np.exp(-4 * (real - c) / w))
            share = np.clip(share, 0, 1)
            own = apply_voi_lut(apply_modality_lut(stored, view), view).astype(float)
            # With a falling line pydicom turns its output range round too.
            if float(view.get("RescaleSlope", 1)) > 0 and own.max() > own.min() and share.min() == 0 and share.max() == 1:
                again = (own - own.min()) / (own.max() - own.min())
                assert np.abs(again - share).max() < 0.01, view
        elif ds.BitsStored <= 8:
            share = real / 255
        else:
            seen = np.sort(stored[~padding].ravel())
            few = int(np.floor(len(seen) * 0.005))
            low, high = seen[few], seen[len(seen) - 1 - few]
            share = np.clip((stored - low) / max(1, high - low), 0, 1)
    shape = ds.get("PresentationLUTShape", "")
    if shape == "INVERSE" or (shape == "" and ds.PhotometricInterpretation == "MONOCHROME1"):
        share = 1 - share
    grey = np.floor(share * 255 + 0.5)
    grey[padding] = 0
    return grey.astype(int)


LOSSY = {uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEG2000, uid.HTJ2K}
MOST = 1024


def describe(path, name):
    ds = pydicom.dcmread(path, force=True)
    entries = []
    try:
        frames = int(ds.get("NumberOfFrames") or 1)
    except ValueError:
        frames = 1
    syntax = ds.file_meta.get("TransferSyntaxUID")
    for frame in range(frames):
        options = {}
        if syntax == uid.JPEGBaseline8Bit:
            options["decoding_plugin"] = "pillow"
        try:
            photometric = ds.PhotometricInterpretation
            # Nothing in pydicom converts studio range.
            partial = photometric == "YBR_PARTIAL_422"
            if partial:
                ds.PhotometricInterpretation = "YBR_FULL_422"
            values = pixel_array(ds, index=frame, raw=partial, **options)
            ds.PhotometricInterpretation = photometric
        except Exception as error:
            entries.append(dict(file=name, refused=str(error).split("\n")[0][:120]))
            break
        if partial:
            luma, cb, cr = [values[..., k].astype(float) for k in range(3)]
            y, b, r = (luma - 16) * 255 / 219, (cb - 128) * 255 / 224, (cr - 128) * 255 / 224
            values = np.stack([y + 1.402 * r, y - 0.344136 * b - 0.714136 * r, y + 1.772 * b], axis=-1)
            values = np.floor(np.clip(values, 0, 255) + 0.5)
        if ds.get("HighBit", 0) == 15 and ds.get("BitsStored") == 12:
            # pydicom drops unused bits at the top alone.
            values = np.frombuffer(ds.PixelData, "<u2").reshape(values.shape) >> 4
        entry = dict(file=name, frame=frame + 1, shape=list(values.shape))
        flat = values.astype("<f8").ravel()
        if syntax in LOSSY or "YBR" in ds.PhotometricInterpretation:
            count = min(MOST, len(flat))
            at = (np.arange(count) * len(flat)) // count
            whole = np.all(flat == np.round(flat))
            entry["samples"] = [int(v) for v in flat[at]] if whole else [float(v) for v in flat[at]]
            entry["tolerance"] = 2 if len(values.shape) == 3 else 1
            entry["decoder"] = options.get("decoding_plugin") or ("numpy" if not syntax.is_compressed else "pylibjpeg")
        else:
            entry["sha256"] = hashlib.sha256(flat.tobytes()).hexdigest()
        if name.startswith("own/display"):
            entry["shown"] = base64.b64encode(shown(ds, values, frame).astype(np.uint8).tobytes()).decode()
        if name.startswith("own/palette") or name.endswith("examples_palette.dcm"):
            colours = apply_color_lut(values, ds)
            colours = (colours >> 8) if colours.dtype == np.uint16 and colours.max() > 255 else colours
            entry["colours"] = hashlib.sha256(colours.astype(np.uint8).tobytes()).hexdigest()
        entries.append(entry)
    return entries


TAKEN = ["SC_*.dcm", "JPEGLSNearLossless_*.dcm", "image_dfl.dcm", "GDCMJ2K_TextGBR.dcm", "UN_sequence.dcm", "test-SR.dcm", "reportsi.dcm", "rtplan.dcm", "rtdose_1frame.dcm", "rtdose_rle_1frame.dcm", "rtdose_expb_1frame.dcm"]


def main():
    before = json.loads((OUT / "golden.json").read_text()) if (OUT / "golden.json").exists() else []
    kept = [entry for entry in before if entry["file"].startswith("public/")]
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "own").mkdir(parents=True)
    (OUT / "pydicom").mkdir()
    write_syntaxes()
    write_interpretations()
    write_frames()
    write_displays()
    for pattern in TAKEN:
        for file in sorted(glob.glob(str(PYDICOM / pattern))):
            # What lies in ../shared is read there, and never kept here.
            if os.path.getsize(file) < 40_000 and not (SHARED / os.path.basename(file)).exists():
                shutil.copy(file, OUT / "pydicom")
    (OUT / "pydicom" / "README.md").write_text(
        "Test files of pydicom " + pydicom.__version__ + " (MIT licence, (c) Darcy Mason and pydicom contributors). Names in them are made up.\n"
    )
    entries = []
    for folder, files in (("own", OUT / "own"), ("pydicom", OUT / "pydicom"), ("shared", SHARED), ("public", PUBLIC)):
        for path in sorted(files.glob("*.dcm")):
            entries += describe(path, f"{folder}/{path.name}")
    if not PUBLIC.exists():
        entries += kept
    text = ",\n".join("  " + json.dumps(entry) for entry in entries)
    (OUT / "golden.json").write_text("[\n" + text + "\n]\n")
    print(len(entries), "entries,", sum(f.stat().st_size for f in OUT.rglob("*") if f.is_file()) // 1024, "kB")


if __name__ == "__main__":
    main()
