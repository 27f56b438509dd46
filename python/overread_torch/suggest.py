"""Optuna's next settings for a sweep. One call, one answer: several workers, here or on a cluster, share the journal.

A question is a JSON object. `{"ask": {"study", "seed", "trials", "space"}}` is answered with the number and the settings
of the next training, or with `"number": null` where there are no more; `{"tell": {"study", "number", "value"}}` notes its
log loss, or null where it failed. The space has a list of choices, or `{"low", "high"}` on a logarithmic scale, by name.
"""

import json
from typing import Any

from overread_torch.faults import Fault


def answer(journal: str, question: str) -> str:
    """Answers one question. Raises Fault where there is no Optuna."""
    try:
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
    except ImportError as error:
        raise Fault("environment", "This Python has no optuna", "Run overread setup-python --sweep") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    asked = json.loads(question)
    about = asked.get("ask") or asked["tell"]
    study = optuna.create_study(
        study_name=about["study"],
        storage=JournalStorage(JournalFileBackend(journal)),
        direction="minimize",
        load_if_exists=True,
    )
    if "tell" in asked:
        failed = about["value"] is None
        state = optuna.trial.TrialState.FAIL if failed else None
        study.tell(about["number"], about["value"], state=state, skip_if_finished=True)
        return json.dumps({"number": about["number"]})
    return json.dumps(_next(study, about))


def _next(study: Any, about: dict[str, Any]) -> dict[str, Any]:
    import optuna

    # One that nobody will end any more is counted too: its worker left it a folder, and goes on with it.
    if len(study.get_trials(deepcopy=False)) >= about["trials"]:
        running = (optuna.trial.TrialState.RUNNING,)
        return {"number": None, "running": len(study.get_trials(deepcopy=False, states=running))}
    trial = study.ask()
    # Each process is a new sampler: what it draws has to differ from one training to the next, and not by chance.
    # Trainings under way count as bad ones, so that workers side by side look in different places.
    study.sampler = optuna.samplers.TPESampler(seed=(about["seed"] + trial.number) % 2**32, constant_liar=True)
    settings = {}
    for name, choices in about["space"].items():
        if isinstance(choices, list):
            settings[name] = trial.suggest_categorical(name, choices)
        else:
            settings[name] = trial.suggest_float(name, choices["low"], choices["high"], log=True)
    return {"number": trial.number, "settings": settings}
