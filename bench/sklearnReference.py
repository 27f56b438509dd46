"""scikit-learn's side of bench/sklearn.ts, which calls it: python bench/sklearnReference.py COMMAND FOLDER

Arrays are exchanged as raw little-endian files in FOLDER, everything else as JSON.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

FOLDS = 5


def read(folder, name, dtype):
    return np.fromfile(folder / name, dtype=dtype)


def write(folder, name, value):
    (folder / name).write_text(json.dumps(value))


def small(folder):
    n, dim = (about := json.loads((folder / "small.json").read_text()))["rows"], about["dim"]
    return read(folder, "features.f32", "<f4").reshape(n, dim).astype(np.float64), np.array(about["y"]), about


def make_folds(folder):
    """Grouped and stratified, three seeds: folds-SEED.i32."""
    x, y, about = small(folder)
    for seed in range(3):
        fold = np.zeros(len(y), "<i4")
        splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        for k, (_, held) in enumerate(splitter.split(x, y, about["groups"])):
            fold[held] = k
        fold.tofile(folder / f"folds-{seed}.i32")


def out_of_fold(x, y, fold, C, tol, max_iter):
    """Probabilities, and per fold the objective C * sum(loss) + |w|^2 / 2 in float64."""
    p = np.zeros((len(y), y.max() + 1))
    objectives = []
    for k in range(FOLDS):
        train, held = fold != k, fold == k
        scaler = StandardScaler().fit(x[train])
        z = scaler.transform(x[train])
        clf = LogisticRegression(C=C, tol=tol, max_iter=max_iter).fit(z, y[train])
        p[held] = softmax(clf.decision_function(scaler.transform(x[held])), axis=1)
        mean_loss = log_loss(y[train], softmax(clf.decision_function(z), axis=1))
        objectives.append(float(C * train.sum() * mean_loss + 0.5 * (clf.coef_**2).sum()))
    return p, objectives


def fit_small(folder):
    """Every C of the grid at its optimum on the folds of seed 0, then a fine grid at the usual tolerance."""
    x, y, about = small(folder)
    fold = read(folder, "folds-0.i32", "<i4")
    result = {"version": sklearn.__version__, "grid": [], "fine": []}
    for C in about["grid"]:
        p, objectives = out_of_fold(x, y, fold, C, 1e-9, 20_000)
        p.astype("<f8").tofile(folder / f"sklearn-{C}.f64")
        result["grid"].append({"C": C, "objectives": objectives, "log_loss": log_loss(y, p)})
    start = time.perf_counter()
    for C in about["grid"]:
        out_of_fold(x, y, fold, C, 1e-4, 1000)
    result["grid_s"] = time.perf_counter() - start
    for C in 10 ** np.linspace(-3.5, -1, 11):
        p, _ = out_of_fold(x, y, fold, C, 1e-4, 1000)
        result["fine"].append({"C": C, "log_loss": log_loss(y, p)})
    write(folder, "sklearn-small.json", result)


def score_small(folder):
    """Figures of field.md 3d from our probabilities averaged over the fold seeds."""
    x, y, about = small(folder)
    p = np.mean([read(folder, f"ours-{seed}.f64", "<f8").reshape(len(y), -1) for seed in range(3)], axis=0)
    pneumonia, none = about["outputs"].index("Pneumonia"), about["outputs"].index("No_findings")
    nih = (y == pneumonia) | (y == none)
    score = p[nih, pneumonia] / (p[nih, pneumonia] + p[nih, none])
    write(
        folder,
        "score.json",
        {
            "accuracy": accuracy_score(y, p.argmax(axis=1)),
            "auroc_macro": roc_auc_score(y, p, multi_class="ovr"),
            "auroc_pneumonia": roc_auc_score(y[nih] == pneumonia, score),
            "nih_images": int(nih.sum()),
        },
    )


def make_large(folder):
    """Features like those of a network: correlated, not negative, skewed; findings of 2 to 30 %."""
    about = json.loads((folder / "large.json").read_text())
    n, dim, findings = about["rows"], about["dim"], about["findings"]
    rng = np.random.default_rng(0)
    mix = (rng.standard_normal((dim, dim)) * (np.arange(1, dim + 1) ** -0.5)[:, None] / 4).astype("<f4")
    weights = (rng.standard_normal((dim, findings)) * 0.03).astype("<f4")
    x = np.empty((n, dim), "<f4")
    y = np.empty((n, findings), "<i4")
    for start in range(0, n, 8192):
        rows = rng.standard_normal((min(8192, n - start), dim), dtype="<f4")
        rows = np.maximum(rows @ mix + 0.5 * rng.standard_normal(rows.shape, dtype="<f4") + 0.2, 0)
        x[start : start + len(rows)] = rows
        score = (rows - rows.mean(axis=0)) @ weights * 2 + np.linspace(-4.2, -1.2, findings)
        y[start : start + len(rows)] = rng.random(score.shape) < 1 / (1 + np.exp(-score))
    x.tofile(folder / "large.f32")
    y.tofile(folder / "large.i32")


def large(folder):
    about = json.loads((folder / "large.json").read_text())
    n, dim = about["rows"], about["dim"]
    x = read(folder, "large.f32", "<f4").reshape(n, dim)
    return x, read(folder, "large.i32", "<i4").reshape(n, -1), about["C"]


def standardise(x):
    """In place and in float32, which is what scikit-learn then computes in."""
    mean, scale = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    for start in range(0, len(x), 8192):
        x[start : start + 8192] = (x[start : start + 8192] - mean) / scale
    return x


def fit_large(folder):
    """One versus rest at scikit-learn's defaults; only the fits are timed, on features standardised before."""
    x, y, C = large(folder)
    x = standardise(x)
    start = time.perf_counter()
    fits = [LogisticRegression(C=C, max_iter=1000).fit(x, y[:, f]) for f in range(y.shape[1])]
    seconds = time.perf_counter() - start
    coef = np.concatenate([fit.coef_ for fit in fits]).astype("<f8")
    intercept = np.concatenate([fit.intercept_ for fit in fits]).astype("<f8")
    coef.tofile(folder / "sklearn-coef.f64")
    intercept.tofile(folder / "sklearn-intercept.f64")
    write(folder, "sklearn-large.json", {"fit_s": seconds, "iterations": [int(fit.n_iter_[0]) for fit in fits]})


def score_large(folder):
    """The objective of both solutions of each finding, in float64, on the same standardised features."""
    x, y, C = large(folder)
    mean, scale = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    ours_w = read(folder, "ours-weights.f32", "<f4").reshape(y.shape[1], -1).astype(np.float64)
    ours_b = read(folder, "ours-bias.f32", "<f4").astype(np.float64)
    models = {
        "ours": (ours_w * scale, ours_b + ours_w @ mean),
        "sklearn": (
            read(folder, "sklearn-coef.f64", "<f8").reshape(y.shape[1], -1),
            read(folder, "sklearn-intercept.f64", "<f8"),
        ),
    }
    objective = {name: 0.5 * (w**2).sum(axis=1) for name, (w, _) in models.items()}
    for start in range(0, len(x), 8192):
        rows = (x[start : start + 8192] - mean) / scale
        target = y[start : start + 8192]
        for name, (w, b) in models.items():
            z = rows @ w.T + b
            objective[name] += C * (np.logaddexp(0, z) - target * z).sum(axis=0)
    write(folder, "score-large.json", {name: value.tolist() for name, value in objective.items()})


if __name__ == "__main__":
    command, folder = sys.argv[1], Path(sys.argv[2])
    commands = [make_folds, fit_small, score_small, make_large, fit_large, score_large]
    {function.__name__.replace("_", "-"): function for function in commands}[command](folder)
