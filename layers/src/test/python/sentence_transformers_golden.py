"""What sentence-transformers makes of the losses of vectors: a file like those of golden.py, beside it.

    python sentence_transformers_golden.py

Made with sentence-transformers 6.0.1, torch 2.13 and transformers 5.18. The losses compute from vectors, without a
model. MatryoshkaLoss cuts the vectors that a model returns; here they are cut before the same loss.
"""

import torch

import golden
from golden import component

from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss


@component
def sentence_transformers_ranking(draw):
    n, dim = draw.size(1, 6), draw.size(2, 9)
    scale = draw.set("scale", [20.0, 1.0, 5.0][draw.number % 3])
    short = draw.set("short", draw.size(1, dim - 1) if dim > 2 else 1)
    anchors, passages = draw.input("anchors", n, dim), draw.input("passages", n, dim)
    negatives = draw.input("negatives", n, dim)

    def loss(*vectors, symmetric=False):
        both = {"directions": ("query_to_doc", "doc_to_query"), "partition_mode": "per_direction"}
        ranking = MultipleNegativesRankingLoss(torch.nn.Identity(), scale=scale, **(both if symmetric else {}))
        return ranking.compute_loss_from_embeddings(list(vectors), None)

    vectors = (anchors, passages, negatives)
    return {
        "pairs": loss(anchors, passages),
        "triplets": loss(*vectors),
        "symmetric": loss(anchors, passages, symmetric=True),
        "symmetric_triplets": loss(*vectors, symmetric=True),
        "matryoshka": loss(*vectors) + loss(*(each[:, :short] for each in vectors)),
    }


if __name__ == "__main__":
    golden.main(["sentence_transformers_ranking"])
