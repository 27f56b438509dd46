"""Cohorts: the score test with clusters (statsmodels' GEE), normal tails (SciPy), the tree (scikit-learn), Cramér's V (SciPy)
and AUROC inside strata (scikit-learn). `python test/golden/cohorts.py` writes test/golden/values/cohorts/cohorts.json.
statsmodels 0.15.0, scikit-learn 1.9.1, SciPy 1.17.1."""

import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy.stats import norm
from scipy.stats.contingency import association
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeRegressor

random = np.random.default_rng(12)

tests = []
for n, patients, share, low, high in [(200, 120, 0.4, 0.2, 0.4), (300, 60, 0.3, 0.25, 0.3), (80, 80, 0.2, 0.3, 0.0), (500, 100, 0.5, 0.1, 0.1)]:
    patient = random.integers(0, patients, n)
    inside = (random.random(n) < share).astype(int)
    event = (random.random(n) < np.where(inside == 1, high, low)).astype(int)
    full = sm.GEE(event, np.column_stack([np.ones(n), inside]), groups=patient, family=sm.families.Gaussian(), cov_struct=sm.cov_struct.Independence())
    null = sm.GEE(event, np.ones((n, 1)), groups=patient, family=sm.families.Gaussian(), cov_struct=sm.cov_struct.Independence()).fit()
    result = full.compare_score_test(null)
    tests.append({"patient": patient.tolist(), "inside": inside.tolist(), "event": event.tolist(), "p": float(result["p-value"])})

tails = [{"z": z, "p": float(2 * norm.sf(z))} for z in [0.0, 0.001, 0.3, 1.0, 1.96, 2.5, 2.83, 4.0, 7.5, 20.0, 35.0]]

trees = []
for seed in range(4):
    draw = np.random.default_rng(seed)
    n = 400
    x = (draw.random((n, 7)) < draw.uniform(0.2, 0.8, 7)).astype(float)
    rate = 0.1 + 0.4 * x[:, 1] * x[:, 4] + 0.2 * x[:, 2]
    y = (draw.random(n) < rate).astype(float)
    tree = DecisionTreeRegressor(max_depth=3, min_samples_leaf=20, random_state=0).fit(x, y)
    leaf = tree.apply(x)
    trees.append({"x": x.astype(int).T.tolist(), "y": y.astype(int).tolist(), "leaves": sorted([np.flatnonzero(leaf == k).tolist() for k in np.unique(leaf)])})

tables = []
for seed, rows, columns, n in [(1, 2, 2, 200), (2, 3, 4, 300), (3, 2, 5, 60), (4, 3, 2, 90)]:
    draw = np.random.default_rng(seed)
    a = draw.integers(0, rows, n)
    b = np.where(draw.random(n) < 0.3, a % columns, draw.integers(0, columns, n))
    table = np.zeros((rows, columns), int)
    np.add.at(table, (a, b), 1)
    v = float(association(table, method="cramer"))
    # Bergsma (2013): phi2 less its expectation under independence, over the corrected sizes.
    phi2 = v * v * min(rows - 1, columns - 1)
    corrected = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    r = rows - (rows - 1) ** 2 / (n - 1)
    c = columns - (columns - 1) ** 2 / (n - 1)
    tables.append({"a": a.tolist(), "b": b.tolist(), "v": v, "corrected": float(np.sqrt(corrected / min(r - 1, c - 1)))})

strata = []
for seed, groups in [(1, 2), (2, 4), (3, 3)]:
    draw = np.random.default_rng(seed)
    n = 300
    stratum = draw.integers(0, groups, n)
    y = (draw.random(n) < 0.2 + 0.5 * stratum / groups).astype(int)
    p = np.round(0.3 * y + 0.5 * stratum / groups + draw.normal(0, 0.3, n), 1)
    own = [roc_auc_score(y[stratum == g], p[stratum == g]) for g in range(groups)]
    pairs = [float(y[stratum == g].sum() * (1 - y[stratum == g]).sum()) for g in range(groups)]
    strata.append({"stratum": stratum.tolist(), "y": y.tolist(), "p": p.tolist(), "own": own, "within": float(np.average(own, weights=pairs)), "whole": float(roc_auc_score(y, p))})

target = Path(__file__).parent / "values" / "cohorts" / "cohorts.json"
target.write_text(json.dumps({"tests": tests, "tails": tails, "trees": trees, "tables": tables, "strata": strata}, separators=(",", ":")) + "\n")
