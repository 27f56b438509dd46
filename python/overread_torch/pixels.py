"""Pixels of samples as bytes on the device. They were decoded and resized before: nothing here knows a file format."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch

from overread_torch.faults import Fault
from overread_torch.job import Job

DEVICE_SHARE = 0.4
"""Of the free memory of a GPU that all pixels may take; else they come batch by batch."""

AHEAD = 4
"""Batches that are fetched ahead, each by a thread."""


class Pixels:
    """All shards of a job, mapped, or on the device where they fit."""

    def __init__(self, job: Job, device: torch.device) -> None:
        self.job = job
        self.device = device
        self.channels = 3 if any(shard.channels == 3 for shard in job.shards) else 1
        area = job.size * job.size
        self.maps: list[np.ndarray] = []
        for shard in job.shards:
            length = shard.images * shard.channels * area
            if not shard.file.is_file() or shard.file.stat().st_size != length:
                raise Fault("job", f"The pixels in {shard.file.name} are not whole")
            flat = np.memmap(shard.file, dtype=np.uint8, mode="r")
            self.maps.append(flat.reshape(shard.images, shard.channels, job.size, job.size))
        self.resident = self._load_all() if self._fits() else None

    def batches(self, lists: list[np.ndarray]) -> Iterator[torch.Tensor]:
        """The images of each list of samples: N x channels x size x size bytes on the device."""
        if self.resident is not None:
            wanted = self._index[torch.from_numpy(np.concatenate(lists)).to(self.device)] if lists else self._index
            at = 0
            for rows in lists:
                yield self.resident[wanted[at : at + len(rows)]]
                at += len(rows)
            return
        with ThreadPoolExecutor(AHEAD) as pool:
            waiting: list[Future[torch.Tensor]] = []
            upcoming = iter(lists)
            for rows in upcoming:
                waiting.append(pool.submit(self._gather, rows))
                if len(waiting) == AHEAD:
                    break
            while waiting:
                images = waiting.pop(0).result()
                rows = next(upcoming, None)
                if rows is not None:
                    waiting.append(pool.submit(self._gather, rows))
                yield images.to(self.device, non_blocking=True)

    def _gather(self, rows: np.ndarray) -> torch.Tensor:
        size = self.job.size
        images = torch.empty((len(rows), self.channels, size, size), dtype=torch.uint8)
        view = images.numpy()
        for at, row in enumerate(rows):
            # A grey image among coloured ones is repeated.
            view[at] = self.maps[self.job.shard[row]][self.job.place[row]]
        return images.pin_memory() if self.device.type == "cuda" else images

    def _fits(self) -> bool:
        if self.device.type != "cuda":
            return False
        free, _ = torch.cuda.mem_get_info(self.device)
        needed = len(self.job.has_pixels) * self.channels * self.job.size**2
        return needed < DEVICE_SHARE * free

    def _load_all(self) -> torch.Tensor:
        rows = self.job.has_pixels
        size = self.job.size
        whole = torch.empty((len(rows), self.channels, size, size), dtype=torch.uint8, device=self.device)
        for start in range(0, len(rows), 1024):
            part = self._gather(rows[start : start + 1024])
            whole[start : start + len(part)].copy_(part)
        index = torch.full((self.job.samples,), -1, dtype=torch.int64)
        index[torch.from_numpy(rows)] = torch.arange(len(rows))
        self._index = index.to(self.device)
        return whole
