"""Writes measures.json: rankings with grades, and what torchmetrics and scikit-learn say of them.

pip install torch torchmetrics scikit-learn; python measures.py
"""

import json
import random
from pathlib import Path

import torch
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score
from torchmetrics.functional.retrieval import (
    retrieval_average_precision,
    retrieval_normalized_dcg,
    retrieval_precision,
    retrieval_recall,
    retrieval_reciprocal_rank,
)

random.seed(16)
cases = []
while len(cases) < 60:
    n = random.randint(1, 25)
    share = random.choice([0.1, 0.3, 0.7])
    grades = [random.randint(1, 4) if random.random() < share else 0 for _ in range(n)]  # in the order of the ranking
    if not any(grades):
        continue
    scores = torch.tensor([float(n - i) for i in range(n)])
    graded = torch.tensor(grades)
    binary = graded > 0
    case = {"grades": grades}
    for k in (1, 3, 5, 10):
        if k <= n:  # some of the functions want so many
            case[f"nDCG@{k}"] = retrieval_normalized_dcg(scores, graded, top_k=k).item()
            case[f"precision@{k}"] = retrieval_precision(scores, binary, top_k=k).item()
            case[f"recall@{k}"] = retrieval_recall(scores, binary, top_k=k).item()
            case[f"MRR@{k}"] = retrieval_reciprocal_rank(scores, binary, top_k=k).item()
    case["MAP@1000"] = retrieval_average_precision(scores, binary).item()
    if n > 1:
        rows = [scores.tolist()]
        assert abs(case["MAP@1000"] - label_ranking_average_precision_score([binary.int().tolist()], rows)) < 1e-6
        for k in (1, 3, 5, 10):
            if k <= n:
                assert abs(case[f"nDCG@{k}"] - ndcg_score([grades], rows, k=k)) < 1e-6
    cases.append(case)
Path(__file__).with_name("measures.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
