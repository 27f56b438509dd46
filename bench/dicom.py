"""pydicom beside bench/dicom.ts: headers and films a second, two processes, of the files of a folder. Prints JSON."""

import json
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import pydicom
from pydicom.pixels import pixel_array

KEYWORDS = ["Modality", "BodyPartExamined", "PatientSex", "PatientAge", "Manufacturer", "Rows", "Columns", "PixelSpacing", "SOPInstanceUID", "StudyDate"]


def header(file):
    ds = pydicom.dcmread(file, stop_before_pixels=True)
    return [str(ds.get(keyword, "")) for keyword in KEYWORDS]


def film(file):
    ds = pydicom.dcmread(file)
    return int(pixel_array(ds, raw=False).sum() > 0)


def rate(pool, work, files):
    pool.map(work, files[:4])
    start = time.perf_counter()
    pool.map(work, files, chunksize=8)
    return len(files) / (time.perf_counter() - start)


if __name__ == "__main__":
    headers, films = [sorted(str(file) for file in Path(folder).glob("*.dcm")) for folder in sys.argv[1:3]]
    with Pool(2) as pool:
        figures = dict(pydicom=pydicom.__version__, headers=rate(pool, header, headers), films=rate(pool, film, films))
    print(json.dumps(figures))
