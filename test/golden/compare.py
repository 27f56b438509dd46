"""Reference values for paired differences of AUROC from scikit-learn: python test/golden/compare.py

Writes test/golden/values/evaluation/differences.json: three models on the same images, their macro AUROC over the
same resampled patients, and the percentiles of each difference to a reference. Needs numpy and scikit-learn 1.9.
"""

import numpy as np
from sklearn.metrics import roc_auc_score

from evaluation import OUT, SplitMix32, write

REPLICATES = 200
IMAGES = 120
PATIENTS = 50
SEED = 23
REFERENCE = 1


def auroc_macro(truths, scores):
    """Mean of one column's AUROC each; nan when a resampling has one class only in one of them."""
    areas = [
        roc_auc_score(t[known], s[known]) if 0 < t[known].sum() < known.sum() else np.nan
        for t, s, known in zip(truths.T, scores.T, (truths >= 0).T)
    ]
    return float(np.mean(areas))


def resamplings(patient):
    """Rows of each resampling, by the product's own generator: patients are numbered as they appear."""
    numbers = {g: i for i, g in enumerate(dict.fromkeys(patient.tolist()))}
    of_row = np.array([numbers[g] for g in patient.tolist()])
    random = SplitMix32(SEED)
    for _ in range(REPLICATES):
        weights = np.zeros(len(numbers), int)
        for _ in range(len(numbers)):
            weights[random.below(len(numbers))] += 1
        yield np.repeat(np.arange(len(patient)), weights[of_row])


def differences(truths, models, patient):
    """Value and percentile interval of every model's macro AUROC, and of its difference to the reference."""
    values = np.array([auroc_macro(truths, p) for p in models])
    drawn = np.array([[auroc_macro(truths[rows], p[rows]) for p in models] for rows in resamplings(patient)])
    paired = drawn - drawn[:, [REFERENCE]]
    ends = lambda column: np.percentile(column[~np.isnan(column)], [2.5, 97.5]).tolist()
    return [
        dict(
            auroc=[values[i], *ends(drawn[:, i])],
            difference=[values[i] - values[REFERENCE], *ends(paired[:, i])],
        )
        for i in range(len(models))
    ]


def multi_class(rng, patient):
    y = rng.integers(0, 3, IMAGES)
    models = []
    for strength in (0.6, 1.4, 1.1):
        logits = strength * np.eye(3)[y] + rng.normal(size=(IMAGES, 3))
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        models.append(np.round(p, 2))
    expected = differences(np.eye(3, dtype=int)[y], models, patient)
    return dict(task="multi-class", y=y.tolist(), models=[p.tolist() for p in models], expected=expected)


def multi_label(rng, patient):
    y = (rng.random((IMAGES, 2)) < [0.5, 0.35]).astype(int)
    y[rng.random((IMAGES, 2)) < 0.15] = -1
    models = []
    for strength in (1.0, 1.3, 0.2):
        p = 1 / (1 + np.exp(-(strength * (2 * (y == 1) - 1) + rng.normal(size=y.shape))))
        models.append(np.round(p, 3))
    expected = differences(y, models, patient)
    return dict(task="multi-label", y=y.tolist(), models=[p.tolist() for p in models], expected=expected)


if __name__ == "__main__":
    rng = np.random.default_rng(8)
    OUT.mkdir(parents=True, exist_ok=True)
    patient = np.sort(rng.integers(0, PATIENTS, IMAGES))
    write(
        "differences",
        dict(
            groups=[f"p{g}" for g in patient.tolist()],
            seed=SEED,
            replicates=REPLICATES,
            reference=REFERENCE,
            cases=[multi_class(rng, patient), multi_label(rng, patient)],
        ),
    )
