"""Reference values for src/core/training from scikit-learn: python test/golden/training.py

Writes test/golden/values/training/*.json. Needs numpy, scipy and scikit-learn 1.9.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import _sigmoid_calibration
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, matthews_corrcoef
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).parent / "values" / "training"
FOLDS = 4


def features(rng, n, dim):
    """Skewed, correlated, of very different scales, one column constant; rounded so that JSON keeps them exactly."""
    mix = rng.standard_normal((dim, dim)) / np.sqrt(dim)
    x = np.maximum(rng.standard_normal((n, dim)) @ mix + 0.3, 0) * 2.0 ** rng.integers(-4, 5, dim)
    x[:, 3] = 2.5
    return np.round(x * 1024) / 1024


def model(C, weight):
    return LogisticRegression(C=C, class_weight=weight, tol=1e-10, max_iter=100_000)


def fit(x, y, C, weight):
    """Scaler, model and objective C * sum(weight * loss) + |w|^2 / 2 at scikit-learn's optimum."""
    scaler = StandardScaler().fit(x)
    clf = model(C, weight).fit(scaler.transform(x), y)
    p = clf.predict_proba(scaler.transform(x))
    rows = np.searchsorted(clf.classes_, y)
    w = np.ones(len(y))
    if weight == "balanced":
        counts = np.bincount(rows)
        w = (len(y) / (len(counts) * counts))[rows]
    loss = -np.log(p[np.arange(len(y)), rows])
    return scaler, clf, float(C * (w * loss).sum() + 0.5 * (clf.coef_**2).sum())


def raw(scaler, clf):
    """Weights and intercepts on features that are not standardised."""
    w = clf.coef_ / scaler.scale_
    return w.tolist(), (clf.intercept_ - w @ scaler.mean_).tolist()


def out_of_fold(x, y, fold, C, weight):
    classes = np.unique(y)
    logits = np.zeros((len(y), len(classes) if len(classes) > 2 else 1))
    objectives = []
    for k in range(FOLDS):
        train, held = fold != k, fold == k
        scaler, clf, objective = fit(x[train], y[train], C, weight)
        logits[held] = clf.decision_function(scaler.transform(x[held])).reshape(held.sum(), -1)
        objectives.append(objective)
    return logits, objectives


def multi_class(rng):
    n, dim = 90, 8
    x = features(rng, n, dim)
    score = StandardScaler().fit_transform(x) @ rng.standard_normal((dim, 3)) * 0.8 + [0.0, 0.7, -0.8]
    y = np.array([rng.choice(3, p=softmax(s)) for s in score])
    fold = np.arange(n) % FOLDS
    cases = []
    for C in [0.02, 1.0]:
        for weight in [None, "balanced"]:
            logits, objectives = out_of_fold(x, y, fold, C, weight)
            scaler, clf, objective = fit(x, y, C, weight)
            w, b = raw(scaler, clf)
            cases.append(
                dict(
                    C=C,
                    classWeights=weight is not None,
                    objectives=objectives + [objective],
                    probabilities=softmax(logits, axis=1).round(9).tolist(),
                    logLoss=log_loss(y, softmax(logits, axis=1)),
                    weights=w,
                    bias=b,
                )
            )
    return dict(features=x.tolist(), y=y.tolist(), fold=fold.tolist(), folds=FOLDS, cases=cases)


def multi_label(rng):
    n, dim = 100, 6
    x = features(rng, n, dim)
    score = StandardScaler().fit_transform(x) @ rng.standard_normal((dim, 2)) + [-0.5, -1.2]
    y = (rng.random((n, 2)) < 1 / (1 + np.exp(-score))).astype(int)
    y[rng.random((n, 2)) < 0.15] = -1
    fold = np.arange(n) % FOLDS
    findings = []
    for f in range(2):
        known = y[:, f] >= 0
        # Standardisation sees every training row that has any label; the fit only those with this one.
        any_known = (y >= 0).any(axis=1)
        C, logits, objectives = 0.1, np.full(n, np.nan), []
        for k in range(FOLDS + 1):
            part = fold != k
            scaler = StandardScaler().fit(x[part & any_known])
            clf = model(C, None).fit(scaler.transform(x[part & known]), y[part & known, f])
            z = clf.decision_function(scaler.transform(x[part & known]))
            target = y[part & known, f]
            objectives.append(
                float(C * (np.logaddexp(0, z) - target * z).sum() + 0.5 * (clf.coef_**2).sum())
            )
            if k < FOLDS:
                logits[fold == k] = clf.decision_function(scaler.transform(x[fold == k]))
        findings.append(dict(C=C, objectives=objectives, logits=logits.round(9).tolist()))
    return dict(features=x.tolist(), y=y.tolist(), fold=fold.tolist(), folds=FOLDS, findings=findings)


def calibration(rng):
    z = np.round(rng.standard_normal((60, 3)) * 3, 4)
    y = np.array([rng.choice(3, p=softmax(s / 2)) for s in z])
    nll = lambda t: -log_softmax(z / t, axis=1)[np.arange(60), y].sum()
    best = minimize_scalar(nll, bounds=(0.05, 20), method="bounded", options=dict(xatol=1e-10))
    scores = np.round(rng.standard_normal(80) * 2, 4)
    labels = (rng.random(80) < 1 / (1 + np.exp(-(0.6 * scores - 0.8)))).astype(int)
    a, b = _sigmoid_calibration(scores, labels)
    return dict(
        logits=z.tolist(),
        y=y.tolist(),
        temperature=best.x,
        scores=scores.tolist(),
        labels=labels.tolist(),
        # scikit-learn's sigmoid is 1 / (1 + exp(a * score + b)).
        slope=-a,
        intercept=-b,
    )


def thresholds(rng):
    cases = []
    for digits, n in [(1, 30), (2, 60), (6, 60)]:
        p = np.round(rng.random(n), digits)
        y = (rng.random(n) < p * 0.5).astype(int)
        # No more images are called than have the finding.
        best = max(matthews_corrcoef(y, p >= t) for t in np.unique(p) if (p >= t).sum() <= y.sum())
        cases.append(dict(probabilities=p.tolist(), labels=y.tolist(), best=best))
    return cases


def write(name, value):
    (OUT / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write("multiClass", multi_class(np.random.default_rng(1)))
    write("multiLabel", multi_label(np.random.default_rng(2)))
    write("calibration", calibration(np.random.default_rng(3)))
    write("thresholds", thresholds(np.random.default_rng(4)))
