"""Vectors by sentence-transformers of an encoder that gradus export wrote.

python sentence_golden.py FOLDER: writes FOLDER/expected.json.
Made with sentence-transformers 6.0.1, transformers 5.18.0, torch 2.13.0.
"""
import json
import sys

from sentence_transformers import SentenceTransformer

TEXTS = [
    "a small animal",
    "a large plant with many leaves",
    "",
    "Cat! walks; a cat that can fly in the air with small steps, and sees mice, and barks at the small mouse too",
]

model = SentenceTransformer(sys.argv[1], device="cpu")
print(model)
vectors = model.encode(TEXTS)
with open(sys.argv[1] + "/expected.json", "w") as file:
    json.dump({"texts": TEXTS, "vectors": [[float(x) for x in row] for row in vectors]}, file)
    file.write("\n")
