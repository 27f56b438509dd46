"""What reviews are judged by: the model of changed labels with scikit-learn, exact intervals and bounds with SciPy.
`python test/golden/reviews.py` writes test/golden/values/suspects/reviews.json. scikit-learn 1.9.1, SciPy 1.17.1."""

import json
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, hypergeom
from sklearn.linear_model import LogisticRegression


def simplex(labels):
    """Corners of a simplex, as many as there are labels: unit vectors whose inner products are -1 / (labels - 1)."""
    corners = np.eye(labels) - 1 / labels
    return corners / np.linalg.norm(corners, axis=1, keepdims=True)


def model(seed, samples, dim, labels, reviewed, C, metadata):
    random = np.random.default_rng(seed)
    features = (random.normal(size=(samples, dim)) * random.uniform(0.5, 3, dim) + random.normal(size=dim)).astype(np.float32)
    given = random.integers(0, labels, samples)
    columns = random.normal(size=(samples, metadata))
    logit = features[:, 0] * np.where(given == 0, 1, -1) + 0.5 * features[:, 1] - 0.5
    changed = (random.random(samples) < 1 / (1 + np.exp(-logit))).astype(int)
    x = features.astype(float)
    standardised = np.hstack([(x - x.mean(axis=0)) / x.std(axis=0), 3 * columns])
    label = simplex(labels)[given]
    products = (standardised[:, :, None] * label[:, None, :]).reshape(samples, -1)
    design = np.hstack([standardised, 3 * label, products])
    fit = LogisticRegression(C=C, tol=1e-12, max_iter=100_000, solver="newton-cholesky").fit(design[:reviewed], changed[:reviewed])
    return {
        "features": [float(v) for v in features.ravel()],
        "dim": dim,
        "labels": labels,
        "given": given.tolist(),
        "changed": changed.tolist(),
        "metadata": columns.ravel().tolist(),
        "width": metadata,
        "reviewed": reviewed,
        "C": C,
        "probabilities": fit.predict_proba(design)[:, 1].tolist(),
    }


binomial = []
for found, drawn, level in [(0, 10, 0.95), (3, 10, 0.95), (10, 10, 0.95), (1, 72, 0.95), (17, 240, 0.9), (499, 1000, 0.99)]:
    interval = binomtest(found, drawn).proportion_ci(level, method="exact")
    binomial.append([found, drawn, level, float(interval.low), float(interval.high)])

tails, bounds = [], []
for found, everything, drawn in [(0, 1000, 72), (2, 1000, 120), (0, 112120, 72), (5, 400, 400), (3, 60, 25), (0, 20, 20)]:
    for wrong in sorted({found, found + 1, everything // 20, everything // 7}):
        if wrong + drawn - found <= everything:
            tails.append([found, everything, wrong, drawn, float(hypergeom.cdf(found, everything, wrong, drawn))])
    for alpha in [0.025, 0.0125, 0.1]:
        wrongs = np.arange(found, everything - drawn + found + 1)
        possible = wrongs[hypergeom.cdf(found, everything, wrongs, drawn) > alpha]
        bounds.append([found, everything, drawn, alpha, int(possible.max())])

values = {
    "models": [model(1, 60, 12, 2, 40, 3e-4, 0), model(2, 60, 12, 2, 40, 0.05, 2), model(3, 80, 9, 4, 60, 0.02, 0)],
    "binomial": binomial,
    "tails": tails,
    "bounds": bounds,
}
target = Path(__file__).parent / "values" / "suspects" / "reviews.json"
target.write_text(json.dumps(values, separators=(",", ":")) + "\n")
