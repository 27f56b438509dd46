"""No process outlives the one that started it, unless it was asked to."""

import os
import threading
import time

POLL_SECONDS = 1.0


def end_with_parent() -> None:
    """Ends this process when its parent is gone.

    A thread looks, so that a main thread in native code does not matter. Workers of torchrun end when torchrun does.
    """
    if os.environ.get("OVERREAD_TORCH_DETACHED"):
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_SECONDS)
        os._exit(130)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
