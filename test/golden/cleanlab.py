"""Confident learning with cleanlab 2.9.0: scores, confident joints, what each method prunes, health of a data set.
`python test/golden/cleanlab.py` writes test/golden/values/suspects/cleanlab.json. cleanlab 2.9.0, scikit-learn 1.9.1."""

import functools
import json
import sys
import warnings
from pathlib import Path

import numpy as np

sys.path.pop(0)  # this file has the name of the library
from cleanlab import count, dataset, filter, rank
from cleanlab.multilabel_classification import dataset as multilabel_dataset
from cleanlab.multilabel_classification import filter as multilabel_filter
from cleanlab.multilabel_classification import rank as multilabel_rank

warnings.simplefilter("ignore")
# NumPy leaves the order of equals open, and with it which of them cleanlab takes: here the first come first.
np.argsort = functools.partial(np.argsort, kind="stable")

METHODS = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]
FILTERS = [
    "prune_by_class",
    "prune_by_noise_rate",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
]


def draw(seed, rows, shares, noise, sharpness, digits=6):
    """Labels of which a part was flipped, and the probabilities of a model that half believes them."""
    random = np.random.default_rng(seed)
    classes = len(shares)
    truth = random.choice(classes, rows, p=np.array(shares) / sum(shares))
    others = np.array([k for k in range(classes) if shares[k] > 0])
    labels = np.where(random.random(rows) < noise, random.choice(others, rows), truth)
    logits = random.normal(size=(rows, classes)) + sharpness * np.eye(classes)[truth] + 0.5 * np.eye(classes)[labels]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return labels, np.round(p, digits) / np.round(p, digits).sum(axis=1, keepdims=True)


def multi_class(name, seed, rows, shares, *rest, nudge=False):
    labels, p = draw(seed, rows, shares, *rest)
    if nudge:
        # Rows whose given class is all but the likeliest one.
        for row in range(0, rows, 3):
            other = (labels[row] + 1) % len(shares)
            both = p[row, labels[row]] + p[row, other]
            p[row, other] = both / 2 + [4e-7, 6e-7, 2e-7][row // 3 % 3]
            p[row, labels[row]] = both - p[row, other]
    joint = count.compute_confident_joint(labels, p, calibrate=False)
    calibrated = count.compute_confident_joint(labels, p)
    health = dataset.rank_classes_by_label_quality(labels, p).sort_values("Class Index")
    overlap = dataset.find_overlapping_classes(labels, p)
    return {
        "name": name,
        "labels": labels.tolist(),
        "probabilities": p.ravel().tolist(),
        "classes": len(shares),
        "thresholds": count.get_confident_thresholds(labels, p).tolist(),
        "scores": {m: rank.get_label_quality_scores(labels, p, method=m).tolist() for m in METHODS},
        "adjusted": {
            m: rank.get_label_quality_scores(labels, p, method=m, adjust_pred_probs=True).tolist()
            for m in METHODS[:2]
        },
        "joint": joint.tolist(),
        "calibrated": calibrated.tolist(),
        "estimated": count.estimate_joint(labels, p).tolist(),
        "issues": {
            m: count.num_label_issues(labels, p, estimation_method=m)
            for m in ["off_diagonal", "off_diagonal_calibrated"]
        },
        "pruned": {
            f: filter.find_label_issues(labels, p, filter_by=f, return_indices_ranked_by="self_confidence", n_jobs=1).tolist()
            for f in FILTERS
        },
        "ranked": {
            m: filter.find_label_issues(labels, p, return_indices_ranked_by=m, n_jobs=1).tolist() for m in METHODS
        },
        "half": {
            f: filter.find_label_issues(
                labels, p, filter_by=f, frac_noise=0.5, return_indices_ranked_by="self_confidence", n_jobs=1
            ).tolist()
            for f in FILTERS[:3]
        },
        "health": {
            "score": dataset.overall_label_health_score(labels, p, verbose=False),
            "issues": health["Label Issues"].tolist(),
            "inverse_issues": health["Inverse Label Issues"].tolist(),
            "noise": health["Label Noise"].tolist(),
            "inverse_noise": health["Inverse Label Noise"].tolist(),
            "quality": health["Label Quality Score"].tolist(),
        },
        "overlap": overlap.values.tolist(),
    }


def multi_label(name, seed, rows, findings):
    random = np.random.default_rng(seed)
    prevalence = np.linspace(0.04, 0.5, findings)
    truth = (random.random((rows, findings)) < prevalence).astype(int)
    labels = np.where(random.random((rows, findings)) < 0.08, 1 - truth, truth)
    logits = random.normal(size=(rows, findings)) * 1.2 + 3 * truth + labels - 2
    p = np.round(1 / (1 + np.exp(-logits)), 6)
    lists = [np.flatnonzero(row).tolist() for row in labels]
    per_class = multilabel_dataset.common_multilabel_issues(lists, p)
    return {
        "name": name,
        "labels": labels.ravel().tolist(),
        "probabilities": p.ravel().tolist(),
        "findings": findings,
        "joint": count.compute_confident_joint(lists, p, multi_label=True, calibrate=False).tolist(),
        "calibrated": count.compute_confident_joint(lists, p, multi_label=True).tolist(),
        "per_finding": {
            m: multilabel_rank.get_label_quality_scores_per_class(lists, p, method=m).ravel().tolist() for m in METHODS
        },
        "scores": {m: multilabel_rank.get_label_quality_scores(lists, p, method=m).tolist() for m in METHODS},
        "pruned": {
            f: np.flatnonzero(multilabel_filter.find_label_issues(lists, p, filter_by=f, n_jobs=1)).tolist()
            for f in FILTERS
        },
        "pruned_per_finding": {
            f: [
                np.flatnonzero(mask).tolist()
                for mask in multilabel_filter.find_multilabel_issues_per_class(lists, p, filter_by=f, n_jobs=1).T
            ]
            for f in FILTERS
        },
        "ranked": multilabel_filter.find_label_issues(lists, p, return_indices_ranked_by="self_confidence", n_jobs=1).tolist(),
        "health": multilabel_dataset.overall_multilabel_health_score(lists, p),
        "common": per_class.values.tolist(),
        "common_columns": per_class.columns.tolist(),
    }


cases = {
    "multi_class": [
        multi_class("balanced", 1, 240, [1, 1, 1, 1], 0.12, 2.0),
        multi_class("imbalanced", 2, 320, [85, 12, 3], 0.1, 1.6),
        multi_class("missing class", 3, 200, [4, 3, 0, 3], 0.12, 1.8),
        multi_class("two classes", 4, 200, [7, 3], 0.15, 1.5),
        multi_class("ten classes", 8, 160, [9, 1, 8, 2, 7, 3, 6, 4, 5, 1], 0.3, 1.2),
        multi_class("equal probabilities", 9, 150, [5, 3, 2], 0.15, 1.2, 1),
        multi_class("nearly equal", 11, 120, [2, 2, 1], 0.2, 1.0, nudge=True),
        multi_class("no confusion", 5, 40, [1, 1], 0.0, 9.0),
    ],
    "multi_label": [multi_label("14 findings", 6, 220, 14), multi_label("3 findings", 7, 160, 3)],
}
target = Path(__file__).parent / "values" / "suspects" / "cleanlab.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps(cases, separators=(",", ":"), default=lambda value: value.item()) + "\n")
