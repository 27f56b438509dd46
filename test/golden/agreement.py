"""Kappa of readers with statsmodels (Fleiss) and scikit-learn (Cohen) on drawn readings.
`python test/golden/agreement.py` writes test/golden/values/evaluation/agreement.json. statsmodels 0.15.0, scikit-learn 1.9.1."""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

random = np.random.default_rng(7)
cases = []
for items, raters, values, noise in [(40, 3, 2, 0.1), (60, 4, 3, 0.3), (25, 2, 5, 0.5), (200, 3, 2, 0.02), (30, 5, 3, 0.9)]:
    truth = random.integers(0, values, items)
    readings = np.where(random.random((items, raters)) < noise, random.integers(0, values, (items, raters)), truth[:, None])
    table, _ = aggregate_raters(readings)
    cohen = [[float(cohen_kappa_score(readings[:, a], readings[:, b])) for b in range(raters)] for a in range(raters)]
    cases.append({"readings": readings.tolist(), "fleiss": float(fleiss_kappa(table)), "cohen": cohen})
target = Path(__file__).parent / "values" / "evaluation" / "agreement.json"
target.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
