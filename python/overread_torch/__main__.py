"""`python -m overread_torch probe` and `python -m overread_torch train FOLDER`."""

import sys

from overread_torch.faults import Fault


def _end_with_parent() -> None:
    """Before anything that takes seconds to import: a parent that ends meanwhile is not known afterwards."""
    from overread_torch.lifeline import end_with_parent

    end_with_parent()


def main(arguments: list[str]) -> int:
    """Runs one command. Gives the exit code: 0 done, 2 usage, 3 a fault that is told, 130 cancelled."""
    match arguments:
        case ["probe"]:
            from overread_torch.probe import print_probe

            print_probe()
            return 0
        case ["train", folder]:
            _end_with_parent()
            from overread_torch.train import train

            return train(folder)
        case ["torchrun", folder, processes, nodes, *rendezvous]:
            _end_with_parent()
            from overread_torch.torchrun import run

            return run(folder, int(processes), int(nodes), *rendezvous)
        case ["suggest", journal, question]:
            from overread_torch.suggest import answer

            print(answer(journal, question))
            return 0
        case ["ray", folder, address, workers]:
            _end_with_parent()
            from overread_torch.ray_cluster import submit

            return submit(folder, address, int(workers))
        case ["ray-driver", folder, workers]:
            from overread_torch.ray_cluster import drive

            return drive(folder, int(workers))
        case _:
            print("usage: python -m overread_torch (probe | train FOLDER | suggest JOURNAL QUESTION)", file=sys.stderr)
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Fault as fault:
        print(f"{fault.kind}: {fault}", file=sys.stderr)
        sys.exit(3)
