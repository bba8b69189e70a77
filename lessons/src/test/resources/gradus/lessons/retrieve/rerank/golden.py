"""Writes golden.json: what sentence-transformers' maxsim gives for random vectors of tokens. Run where
sentence-transformers 6.0.1, torch 2.13 and numpy are installed.

    python golden.py > golden.json
"""
import json

import torch
from sentence_transformers.util.similarity import maxsim

random = torch.Generator().manual_seed(5)


def tokens(count, dim):
    return torch.randn(count, dim, generator=random)


def unit(vectors):
    return torch.nn.functional.normalize(vectors, dim=-1)


draws = []
for dim, asked, passages in [(4, 3, [2, 5, 1]), (7, 1, [4, 4]), (3, 6, [9, 1, 2, 6])]:
    query = tokens(asked, dim)
    texts = [tokens(count, dim) for count in passages]
    scores = [float(maxsim(unit(query)[None], unit(text)[None])) for text in texts]
    draws.append({"query": query.tolist(), "passages": [text.tolist() for text in texts], "scores": scores})
print(json.dumps(draws))
