"""Tests of counts, with SciPy (exact binomial) and statsmodels (McNemar, Benjamini-Hochberg).
`python test/golden/count_statistics.py` writes test/golden/values/evaluation/statistics.json. SciPy 1.17.1, statsmodels 0.15.0."""

import json
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(11)

intervals, binomial = [], []
for found, drawn, level in [(0, 10, 0.95), (3, 10, 0.95), (10, 10, 0.95), (1, 72, 0.9), (250, 1000, 0.99), (17, 112120, 0.95)]:
    interval = binomtest(found, drawn).proportion_ci(level, method="exact")
    intervals.append([found, drawn, level, float(interval.low), float(interval.high)])
for found, drawn, share in [(0, 12, 0.3), (3, 10, 0.5), (5, 10, 0.5), (10, 10, 0.9), (9, 10, 0.9), (7, 20, 0.1), (95, 100, 0.9),
                            (1, 1, 0.2), (0, 1, 0.2), (300, 1000, 0.27), (48, 40000, 0.0009), (4, 9, 0.0), (4, 9, 1.0)]:
    for alternative in ["two-sided", "greater", "less"]:
        binomial.append([found, drawn, share, alternative, float(binomtest(found, drawn, share, alternative).pvalue)])

pairs = []
for first, second in [(0, 0), (0, 1), (3, 3), (1, 8), (10, 25), (140, 101), (2000, 1850)]:
    result = mcnemar([[50, first], [second, 20]], exact=True)
    pairs.append([first, second, float(result.pvalue)])

adjusted = []
for values in [[0.01, 0.04, 0.03, 0.005, 0.5], [0.2], [0.05, 0.05, 0.05], random.random(40).tolist(), (random.random(200) ** 4).tolist()]:
    adjusted.append({"values": values, "adjusted": multipletests(values, method="fdr_bh")[1].tolist()})

values = {"intervals": intervals, "binomial": binomial, "mcNemar": pairs, "benjaminiHochberg": adjusted}
target = Path(__file__).parent / "values" / "evaluation" / "statistics.json"
target.write_text(json.dumps(values, separators=(",", ":")) + "\n")
