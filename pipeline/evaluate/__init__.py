"""How well stories and links agree with labels that people made."""

from pipeline.evaluate.result import Evaluation, GroupScore, Interval, PairScore, RelationCount, RelationScore
from pipeline.evaluate.score import evaluate

__all__ = ["Evaluation", "GroupScore", "Interval", "PairScore", "RelationCount", "RelationScore", "evaluate"]
