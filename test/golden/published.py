"""What timm says of the published weights of every architecture: its default and all other tags.

  python test/golden/published.py
Writes test/golden/values/models/published.json.
"""

import json
from pathlib import Path

from reference import ARCHITECTURES

import timm

OUT = Path(__file__).parent / "values" / "models" / "published.json"

if __name__ == "__main__":
    values = {}
    for architecture in ARCHITECTURES:
        names = timm.list_models(f"{architecture}.*", pretrained=True) if timm.is_model(architecture) else []
        values[architecture] = {}
        for name in names:
            config = timm.get_pretrained_cfg(name)
            values[architecture][name.split(".", 1)[1]] = {
                "hub": config.hf_hub_id,
                "size": config.input_size[-1],
                "cropPct": config.crop_pct,
                "interpolation": config.interpolation,
                "mean": config.mean,
                "std": config.std,
                "licence": config.license,
            }
    OUT.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    print(sum(len(tags) for tags in values.values()), "weights")
