"""The seconds that cleanlab takes for what bench/suspectsSpeed.ts measures: issues per finding and scores per image."""

import json
import sys
import time
import warnings

import numpy as np
from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class
from cleanlab.multilabel_classification.rank import get_label_quality_scores

warnings.simplefilter("ignore")
folder, findings, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
y = np.fromfile(f"{folder}/y.i32", dtype=np.int32).reshape(-1, findings)
p = np.fromfile(f"{folder}/p.f64").reshape(-1, findings)
labels = [np.flatnonzero(row).tolist() for row in y]
times = []
for _ in range(rounds):
    start = time.perf_counter()
    flagged = find_multilabel_issues_per_class(labels, p, n_jobs=1)
    get_label_quality_scores(labels, p, method="self_confidence")
    times.append(time.perf_counter() - start)
print(json.dumps({"seconds": float(np.median(times)), "flagged": int(flagged.sum())}))
