"""Whitened principal components and exact neighbours, by scikit-learn. `python test/golden/components.py` writes
test/golden/values/neighbours/components.json. scikit-learn 1.9.1, NumPy 2.4.6."""

import json
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors


def case(name, seed, images, dim, components, rank=None, constant=0):
    random = np.random.default_rng(seed)
    spread = 4.0 / (1 + np.arange(rank or dim)) ** 0.7
    features = random.normal(size=(images, rank or dim)) * spread @ random.normal(size=(rank or dim, dim)) + 5 * random.normal(size=dim)
    features[:, :constant] = 3
    # Copies with a little noise: neighbours that are near duplicates.
    features[images // 2 : images // 2 + 5] = features[:5] + 0.05 * random.normal(size=(5, dim)) * (np.arange(dim) >= constant)
    features = features.astype(np.float32)
    white = PCA(n_components=components, whiten=True, svd_solver="full").fit(features.astype(float)).transform(features.astype(float))
    distance, index = NearestNeighbors(n_neighbors=5, metric="cosine", algorithm="brute").fit(white).kneighbors()
    return {
        "name": name,
        "images": images,
        "dim": dim,
        "components": components,
        "features": [round(float(v), 6) for v in features.ravel()],
        "white": [float(f"{v:.7g}") for v in white.ravel()],
        "neighbours": index.ravel().tolist(),
        "similarity": [float(f"{1 - v:.7g}") for v in distance.ravel()],
    }


cases = [
    case("more images than features", 1, 120, 24, 20),
    case("more features than images", 2, 48, 80, 8),
    case("features that never change", 3, 90, 30, 15, constant=4),
    case("few directions in many features", 4, 96, 40, 9, rank=9),
]
folder = Path(__file__).parent / "values" / "neighbours"
folder.mkdir(parents=True, exist_ok=True)
(folder / "components.json").write_text(json.dumps({"cases": cases}) + "\n")
