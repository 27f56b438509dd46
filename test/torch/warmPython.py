"""A Python that has imported PyTorch and timm: `serve SOCKET` makes a process of its own for each `run SOCKET ARGUMENTS…`.

`run` stands for `python ARGUMENTS…` (`-m MODULE …` or `FILE …`), with its folder, environment, output, signals and end. To
import PyTorch and timm takes three seconds, as long as most trainings of these tests.
"""

import array
import json
import os
import shutil
import signal
import socket
import sys
import threading


def serve(path: str) -> None:
    """Imports, then answers until the standard input ends, which it does with the process that started this one.

    Removes the socket's folder at its end.
    """
    from overread_torch.compat import import_timm

    import_timm()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    print("ready", flush=True)
    children: set[int] = set()
    threading.Thread(target=_accept, args=(listening, children), daemon=True).start()
    sys.stdin.read()
    for child in list(children):
        os.kill(child, signal.SIGKILL)
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)
    os._exit(0)


def _accept(listening: socket.socket, children: set[int]) -> None:
    while True:
        caller, _ = listening.accept()
        threading.Thread(target=_answer, args=(caller, children), daemon=True).start()


def _answer(caller: socket.socket, children: set[int]) -> None:
    length, streams = _receive_head(caller)
    asked = json.loads(_receive(caller, length))
    child = os.fork()
    if child == 0:
        caller.close()
        _become(asked, streams)
    for stream in streams:
        os.close(stream)
    children.add(child)
    caller.sendall(child.to_bytes(4, "little"))
    _, status = os.waitpid(child, 0)
    children.discard(child)
    try:
        caller.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "little", signed=True))
    except OSError:
        pass  # Who asked is gone.


def _become(asked: dict, streams: list[int]) -> None:
    """In the new process: what was asked for, to its end."""
    import runpy
    import traceback

    code = 1
    try:
        for place, stream in enumerate(streams, 1):
            os.dup2(stream, place)
            os.close(stream)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        paths = os.environ.get("PYTHONPATH", "")
        sys.path[:0] = [path for path in paths.split(os.pathsep) if path]
        _set_threads()
        # Python's own flag of torchrun: unbuffered.
        first, *rest = [argument for argument in asked["arguments"] if argument != "-u"]
        sys.argv = [first, *rest]
        if first == "-m":
            sys.argv = rest
            runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(first, run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _set_threads() -> None:
    """What PyTorch reads when it is imported, which was before."""
    threads = os.environ.get("OMP_NUM_THREADS")
    if threads is not None:
        sys.modules["torch"].set_num_threads(int(threads))


def run(path: str, arguments: list[str]) -> None:
    """Asks for a process, hands signals on to it, and ends as it does."""
    asked = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    text = json.dumps(asked).encode()
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    descriptors = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1, 2]))
    server.sendmsg([len(text).to_bytes(4, "little")], [descriptors])
    server.sendall(text)
    child = int.from_bytes(_receive(server, 4), "little")
    signal.signal(signal.SIGTERM, lambda number, _: os.kill(child, number))
    code = int.from_bytes(_receive(server, 4), "little", signed=True)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    os._exit(code)


def _receive_head(caller: socket.socket) -> tuple[int, list[int]]:
    """The length of what follows, and the streams that come with it."""
    numbers = array.array("i")
    head, ancillary, _, _ = caller.recvmsg(4, socket.CMSG_LEN(2 * numbers.itemsize))
    for _, _, data in ancillary:
        numbers.frombytes(data)
    return int.from_bytes(head, "little"), list(numbers)


def _receive(end: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        part = end.recv(length - len(found))
        if not part:
            os._exit(1)
        found += part
    return found


if __name__ == "__main__":
    command, socket_path, *more = sys.argv[1:]
    serve(socket_path) if command == "serve" else run(socket_path, more)
