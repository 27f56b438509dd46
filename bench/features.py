"""The peer of bench/features.ts: features of JPEG files with PyTorch, timm and PIL.

python bench/features.py ARCHITECTURE FILES.txt  prints one line of JSON: seconds for all files, start-up not counted,
for a plain loop and for a DataLoader with worker processes, whichever the user would pick; and seconds of the processor on one thread,
which other work on the machine hardly changes. `--processor-only` leaves the others out.
"""

import json
import sys
import time

import torch

# The torchvision wheel may be built for CUDA: these operators are looked for at import.
library = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    try:
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import timm
from PIL import Image
from timm.data import create_transform, resolve_data_config

BATCH = 16


class Files(torch.utils.data.Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return self.transform(Image.open(self.files[i]).convert("RGB"))


def seconds(model, data, workers):
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, num_workers=workers)
    start = time.perf_counter()
    with torch.inference_mode():
        features = [model(batch) for batch in loader]
    assert torch.isfinite(torch.cat(features)).all()
    return time.perf_counter() - start


def processor_seconds(model, data):
    torch.set_num_threads(1)
    start = time.process_time()
    seconds(model, data, 0)
    return time.process_time() - start


def main():
    architecture, listing = sys.argv[1:3]
    alone = "--processor-only" in sys.argv[3:]
    files = open(listing, encoding="utf-8").read().splitlines()
    torch.manual_seed(0)
    model = timm.create_model(architecture, pretrained=False, num_classes=0).eval()
    data = Files(files, create_transform(**resolve_data_config({}, model=model), is_training=False))
    seconds(model, Files(files[:8], data.transform), 0)
    print(
        json.dumps(
            dict(
                images=len(files),
                torch=torch.__version__,
                timm=timm.__version__,
                plain_s=None if alone else seconds(model, data, 0),
                workers_s=None if alone else seconds(model, data, max(1, torch.get_num_threads() // 2)),
                processor_s=processor_seconds(model, data),
            )
        )
    )


if __name__ == "__main__":
    main()
