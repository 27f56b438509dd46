"""The peer of bench/gpu/features.ts: PyTorch, timm and PIL on the same files and the same card.

python features.py ARCHITECTURE FILES.txt WORKERS SECONDS  prints one line of JSON: images/s in steady state (the first
batches are not counted) of the loader alone, and of features from files with TF32 off and on.
"""

import json
import sys
import time

import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config

BATCH = 128
WARM_BATCHES = 24


class Files(torch.utils.data.Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return self.transform(Image.open(self.files[i]).convert("RGB"))


def rate(files, transform, workers, seconds, use):
    loader = torch.utils.data.DataLoader(
        Files(files, transform), batch_size=BATCH, num_workers=workers, pin_memory=True, prefetch_factor=4
    )
    done, start = 0, None
    for number, batch in enumerate(loader):
        use(batch)
        if number == WARM_BATCHES:
            torch.cuda.synchronize()
            done, start = 0, time.perf_counter()
        elif start is not None:
            done += len(batch)
            if time.perf_counter() - start > seconds:
                break
    torch.cuda.synchronize()
    return done / (time.perf_counter() - start)


def main():
    architecture, listing, workers, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    files = open(listing, encoding="utf-8").read().splitlines()
    torch.manual_seed(0)
    model = timm.create_model(architecture, pretrained=False, num_classes=0).eval().cuda()
    transform = create_transform(**resolve_data_config({}, model=model), is_training=False)

    def features(batch):
        with torch.inference_mode():
            model(batch.cuda(non_blocking=True))

    figures = dict(torch=torch.__version__, timm=timm.__version__, workers=workers)
    figures["loader_per_s"] = rate(files, transform, workers, seconds, lambda batch: None)
    for name, tf32 in (("features_per_s", False), ("features_tf32_per_s", True)):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        figures[name] = rate(files, transform, workers, seconds, features)
    figures["gpu_mb"] = torch.cuda.max_memory_reserved() / 1e6
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
