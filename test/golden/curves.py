"""Curves, calibration and operating points with scikit-learn 1.9.1; decision curves with dcurves 1.1.7.
`python test/golden/curves.py` writes test/golden/values/evaluation/curves.json."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from dcurves import dca
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from evaluation import SplitMix32

GRID = np.arange(101) / 100


def roc_on_grid(y, p):
    fpr, tpr, _ = roc_curve(y, p, drop_intermediate=False)
    return np.interp(GRID, fpr, tpr)


def precision_on_grid(y, p):
    precision, recall, _ = precision_recall_curve(y, p)
    precision, recall = precision[:-1][::-1], recall[:-1][::-1]
    return precision[np.searchsorted(recall, GRID)]


def bands(y, p, patients, seed, replicates):
    numbers = {g: i for i, g in enumerate(dict.fromkeys(patients.tolist()))}
    patient = np.array([numbers[g] for g in patients.tolist()])
    random = SplitMix32(seed)
    roc, pr = [], []
    for _ in range(replicates):
        weights = np.zeros(len(numbers), int)
        for _ in range(len(numbers)):
            weights[random.below(len(numbers))] += 1
        rows = np.repeat(np.arange(len(y)), weights[patient])
        if len(set(y[rows])) == 2:
            roc.append(roc_on_grid(y[rows], p[rows]))
            pr.append(precision_on_grid(y[rows], p[rows]))
    return [np.percentile(v, [2.5, 97.5], axis=0).tolist() for v in (roc, pr)]


def best_thresholds(y, p):
    """Of the distinct scores: Youden's, the highest with sensitivity 0.9, the lowest with specificity 0.8."""
    fpr, tpr, thresholds = roc_curve(y, p, drop_intermediate=False)
    fpr, tpr, thresholds = fpr[1:], tpr[1:], thresholds[1:]
    youden = thresholds[np.argmax(np.round(tpr - fpr, 12))]
    sensitive = thresholds[np.argmax(tpr >= 0.9)]
    specific = thresholds[np.nonzero(1 - fpr >= 0.8)[0][-1]]
    return [float(youden), float(sensitive), float(specific)]


def case(seed, n, patients, digits, prevalence):
    rng = np.random.default_rng(seed)
    groups = np.sort(rng.integers(0, patients, n))
    p = np.round(rng.beta(1.2, 2.5, n), digits)
    y = (rng.random(n) < 0.15 + 0.7 * p).astype(int)
    fpr, tpr, thresholds = roc_curve(y, p, drop_intermediate=False)
    precision, recall, cut = precision_recall_curve(y, p)
    observed, predicted = calibration_curve(y, p, n_bins=15, strategy="uniform")
    cuts = [round(0.01 * k, 2) for k in range(1, 100)]
    decided = {}
    for name, share in [("own", None), ("given", prevalence)]:
        table = dca(data=pd.DataFrame({"y": y, "model": p}), outcome="y", modelnames=["model"], thresholds=cuts, prevalence=share)
        decided[name] = {m: table[table.model == m].net_benefit.tolist() for m in ["model", "all"]}
    roc, pr = bands(y, p, groups, seed, 200)
    return {
        "y": y.tolist(),
        "p": p.tolist(),
        "groups": [f"p{g}" for g in groups.tolist()],
        "seed": seed,
        "replicates": 200,
        "roc": {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": thresholds[1:].tolist(), "area": roc_auc_score(y, p)},
        "pr": {"precision": precision[:-1][::-1].tolist(), "recall": recall[:-1][::-1].tolist(), "thresholds": cut[::-1].tolist(), "area": average_precision_score(y, p)},
        "bands": {"roc": roc, "pr": pr},
        "reliability": {"observed": observed.tolist(), "predicted": predicted.tolist()},
        "decision": decided,
        "prevalence": prevalence,
        "scores": best_thresholds(y, p),
    }


cases = {"plain": case(3, 150, 60, 6, 0.1), "ties": case(4, 120, 50, 1, 0.35)}
target = Path(__file__).parent / "values" / "evaluation" / "curves.json"
target.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
