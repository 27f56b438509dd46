"""Reference values for src/core/evaluation from scikit-learn: python test/golden/evaluation.py

Writes test/golden/values/evaluation/*.json. Needs numpy and scikit-learn 1.9.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as m

OUT = Path(__file__).parent / "values" / "evaluation"
BINS = 15
REPLICATES = 200
warnings.filterwarnings("ignore")


class SplitMix32:
    """The generator of src/core/base/random.ts."""

    def __init__(self, seed):
        self.seed, self.counter = seed, 0

    def below(self, n):
        self.counter = (self.counter + 1) & 0xFFFFFFFF
        z = (self.seed + self.counter * 0x9E3779B9) & 0xFFFFFFFF
        z = ((z ^ (z >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
        z = ((z ^ (z >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
        return int((z ^ (z >> 16)) / 4294967296 * n)


def ece(confidence, correct):
    """Guo et al. 2017: bins (m/15, (m+1)/15], weighted gap of mean confidence and accuracy."""
    edges = np.arange(BINS + 1) / BINS
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high) | ((low == 0) & (confidence == 0))
        if inside.any():
            total += inside.sum() * abs(confidence[inside].mean() - correct[inside].mean())
    return total / len(confidence)


def number(value):
    return None if value is None or np.isnan(value) else float(value)


def one_output(y, p, called):
    pos, neg = int(y.sum()), int(len(y) - y.sum())
    return dict(
        positives=pos,
        negatives=neg,
        auroc=m.roc_auc_score(y, p) if pos and neg else None,
        auprc=m.average_precision_score(y, p) if pos else None,
        sensitivity=m.recall_score(y, called) if pos else None,
        specificity=m.recall_score(1 - y, 1 - called) if neg else None,
        f1=number(m.f1_score(y, called, zero_division=np.nan)),
        log_loss=m.log_loss(y, np.c_[1 - p, p], labels=[0, 1]) if len(y) else None,
        brier=m.brier_score_loss(y, p, pos_label=1, labels=[0, 1]) if len(y) else None,
    )


def macro(outputs, key):
    values = [o[key] for o in outputs if o["positives"] and o["negatives"]]
    return float(np.mean(values)) if values else None


def multi_class(y, p):
    """y: class or -1; p: rows × classes."""
    known = y >= 0
    y, p = y[known], p[known]
    k = p.shape[1]
    called = p.argmax(axis=1)
    outputs = [one_output((y == c).astype(int), p[:, c], (called == c).astype(int)) for c in range(k)]
    one_hot = np.eye(k)[y]
    return dict(
        samples=len(y),
        accuracy=m.accuracy_score(y, called),
        balanced_accuracy=m.balanced_accuracy_score(y, called),
        auroc_macro=macro(outputs, "auroc"),
        auprc_macro=macro(outputs, "auprc"),
        f1_macro=macro(outputs, "f1"),
        log_loss=m.log_loss(y, p, labels=list(range(k))),
        brier=m.brier_score_loss(y, p, labels=list(range(k))),
        ece=ece(p.max(axis=1), (called == y).astype(float)),
        confusion=m.confusion_matrix(y, called, labels=list(range(k))).tolist(),
        outputs=outputs,
    )


def multi_label(y, p, thresholds):
    """y: rows × findings of 1, 0, -1."""
    outputs, per = [], []
    for f in range(y.shape[1]):
        known = y[:, f] >= 0
        t, q = y[known, f], p[known, f]
        called = (q >= thresholds[f]).astype(int)
        outputs.append(one_output(t, q, called))
        both = 0 < t.sum() < len(t)
        per.append(
            dict(
                accuracy=m.accuracy_score(t, called),
                balanced_accuracy=m.balanced_accuracy_score(t, called),
                ece=ece(q, t),
                confusion=m.confusion_matrix(t, called, labels=[0, 1]).tolist(),
                log_loss=outputs[-1]["log_loss"],
                brier=outputs[-1]["brier"],
            )
            if both
            else dict(confusion=m.confusion_matrix(t, called, labels=[0, 1]).tolist())
        )
    mean = lambda key: float(np.mean([x[key] for x in per if key in x]))
    return dict(
        samples=int((y >= 0).any(axis=1).sum()),
        auroc_macro=macro(outputs, "auroc"),
        auprc_macro=macro(outputs, "auprc"),
        f1_macro=macro(outputs, "f1"),
        **{key: mean(key) for key in ["accuracy", "balanced_accuracy", "log_loss", "brier", "ece"]},
        confusion=[x["confusion"] for x in per],
        outputs=outputs,
    )


def draw_classes(rng, n, k, digits):
    p = np.round(rng.dirichlet(np.ones(k), n), digits)
    p[:, -1] = 1 - p[:, :-1].sum(axis=1)
    p = np.clip(p, 0, 1)
    y = np.array([rng.choice(k, p=row / row.sum()) for row in p])
    return y, p


def cases(rng):
    result = {}
    for name, digits in [("threeClasses", 6), ("ties", 1)]:
        y, p = draw_classes(rng, 60, 3, digits)
        y[rng.random(60) < 0.1] = -1
        result[name] = dict(task="multi-class", y=y.tolist(), p=p.tolist(), expected=multi_class(y, p))
    y, p = draw_classes(rng, 40, 2, 3)
    result["twoClasses"] = dict(task="multi-class", y=y.tolist(), p=p.tolist(), expected=multi_class(y, p))
    y, p = draw_classes(rng, 40, 4, 4)
    y[y == 2] = 0
    result["absentClass"] = dict(task="multi-class", y=y.tolist(), p=p.tolist(), expected=multi_class(y, p))
    y = np.ones(12, int)
    p = draw_classes(rng, 12, 3, 3)[1]
    result["oneClassOnly"] = dict(task="multi-class", y=y.tolist(), p=p.tolist(), expected=multi_class(y, p))
    p = np.round(rng.random((80, 4)), 2)
    y = (rng.random((80, 4)) < p).astype(int)
    y[rng.random((80, 4)) < 0.2] = -1
    y[:, 2] = np.where(y[:, 2] == 1, 0, y[:, 2])
    y[5] = -1
    thresholds = [0.5, 0.3, 0.5, 0.62]
    expected = multi_label(y, p, thresholds)
    result["findings"] = dict(
        task="multi-label", y=y.tolist(), p=p.tolist(), thresholds=thresholds, expected=expected
    )
    return result


def intervals(rng):
    """Percentile intervals over the same resamples as the product draws."""
    patients = np.sort(rng.integers(0, 45, 110))
    numbers = {g: i for i, g in enumerate(dict.fromkeys(patients.tolist()))}
    patient = np.array([numbers[g] for g in patients.tolist()])
    y, p = draw_classes(rng, 110, 3, 3)
    random = SplitMix32(17)
    keys = ["accuracy", "balanced_accuracy", "auroc_macro", "auprc_macro", "f1_macro", "log_loss", "brier", "ece"]
    drawn = {key: [] for key in keys}
    for _ in range(REPLICATES):
        weights = np.zeros(len(numbers), int)
        for _ in range(len(numbers)):
            weights[random.below(len(numbers))] += 1
        rows = np.repeat(np.arange(110), weights[patient])
        values = multi_class(y[rows], p[rows])
        for key in keys:
            drawn[key].append(values[key])
    return dict(
        y=y.tolist(),
        p=p.tolist(),
        groups=[f"p{g}" for g in patients.tolist()],
        seed=17,
        replicates=REPLICATES,
        expected={key: np.percentile(values, [2.5, 97.5]).tolist() for key, values in drawn.items()},
    )


def write(name, value):
    (OUT / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write("metrics", cases(np.random.default_rng(5)))
    write("intervals", intervals(np.random.default_rng(6)))
