"""Trains image classifiers for Overread with PyTorch.

Overread (TypeScript) resolves everything before: which images, labels, folds, settings, and the pixels, decoded and
resized. This package reads that job from a folder, trains, and leaves weights, logits, features and its progress in
the same folder. It decodes no image, reads no table, measures no final figure and writes nowhere else.
"""

VERSION = "1"
