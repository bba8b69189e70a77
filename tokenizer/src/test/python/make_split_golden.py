"""How huggingface/tokenizers cuts at a fixed text, for every behaviour: ../resources/golden/split.tsv.

Needs tokenizers 0.23. Columns: pattern, behaviour, invert, text, pieces (JSON).
"""

import json
import pathlib

from tokenizers import pre_tokenizers

TEXTS = ["aa--bb", "--aa", "aa--", "----", "a", "a-b", "-", "a---b-c--", "-a-", "aXYbXYXYc", "XYXY", "aXYX", "é-狐--🦊"]
BEHAVIOURS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]

lines = []
for pattern in ["-", "XY"]:
    for behaviour in BEHAVIOURS:
        for invert in [False, True]:
            split = pre_tokenizers.Split(pattern, behaviour, invert)
            for text in TEXTS:
                pieces = [piece for piece, _ in split.pre_tokenize_str(text)]
                lines.append("\t".join([pattern, behaviour, str(invert).lower(), text, json.dumps(pieces, ensure_ascii=False)]))
(pathlib.Path(__file__).parent / "../resources/golden/split.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
