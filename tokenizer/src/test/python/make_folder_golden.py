"""Makes folders.json.gz, added-tokens.json.gz and characters.json.gz: what transformers and tokenizers make of folders
without a tokenizer.json, of added tokens with every combination of flags, and of every character (transformers 5.18.1,
tokenizers 0.23.2).

    python make_folder_golden.py OUTPUT_FOLDER

Run once by hand; no build needs it. FolderGoldenTest, AddedTokensGoldenTest and
CharactersGoldenTest read the files. The random texts are
not stored: Draws here and in Texts.java make the same ones.
"""

import base64
import gzip
import json
import os
import struct
import sys
import tempfile
import zlib

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"

from tokenizers import Tokenizer, normalizers, pre_tokenizers
from transformers import AutoTokenizer


class Draws:
    """Knuth's 64-bit linear congruential generator: a few lines in any language."""

    def __init__(self, seed):
        self.state = seed

    def next(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % n


# Fragments of random texts: words, runs, marks, joiners, controls, what added tokens are made of.
FRAGMENTS = [
    "hello", "Hello", "HELLO", "the", " the", "\tx", "x", "a", "b", "ab", "Ab", "covid", "COVID", "don't", "DON'T",
    " ", "  ", "    ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028", "\u0085", "\u0000", "\u0007",
    "1", "12", "1234567", "\u00bd", "\u2167", "\u0663", "e\u0301", "\u00e9", "\u00c9", "\u0301", "\u0334", "\u0304",
    "\u0130", "\u00df", "\u03a3", "\u4e2d", "\u65e5\u672c\u8a9e", "\U00020000", "\U0002a6d6", "\U0001f642",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u200d", "\u200c", "\u200b", "\ufeff", "\ufffd", "_", "-", ".",
    ",", "!", "?", "'", "\"", "(", ")", "#", "##", "$", "^", "<", ">", "|", "<q>", "<t>", "<tool>", "<|endoftext|>",
    "[CLS]", "[MASK]", "[UNK]", "[SEP]", "<s>", "</s>", "n\u0303", "\u00d6", "tok", "Tok", "TOK", "\u00e9t\u00e9", "\U00010400", "xx",
    "\u0915\u094d\u0937", "\u0e17\u0e35\u0e48", "\ud55c\uad6d", "\u1112\u1161\u11ab", "\u212b", "\ufb01", "\uff21",
]


def code_point(draws):
    limit = (0x250, 0x3100, 0x10000, 0x323B0)[draws.next(4)]
    c = draws.next(limit)
    return "\ufffd" if 0xD800 <= c <= 0xDFFF else chr(c)


def text(draws):
    parts = []
    for _ in range(draws.next(9)):
        kind = draws.next(8)
        if kind < 5:
            parts.append(FRAGMENTS[draws.next(len(FRAGMENTS))])
        elif kind == 5:
            parts.append(chr(0x20 + draws.next(0x5F)))
        elif kind == 6:
            parts.append(FRAGMENTS[draws.next(len(FRAGMENTS))] * (1 + draws.next(4)))
        else:
            parts.append(code_point(draws))
    return "".join(parts)


# --- folders without a tokenizer.json

SYMBOLS = sorted(pre_tokenizers.ByteLevel.alphabet())
MERGED = ["\u0109x", "he", "ll", "hell", "hello", "\u0120h", "th", "the", "\u0120the", "\u010a\u010a", "12", "\u0120\u0120"]
MERGES = ["\u0109 x", "h e", "l l", "he ll", "hell o", "\u0120 h", "t h", "th e", "\u0120 the", "\u010a \u010a", "1 2",
          "\u0120 \u0120"]
VOCAB = {token: i for i, token in enumerate(SYMBOLS + MERGED)}
END = len(VOCAB)
WITH_END = {**VOCAB, "<|endoftext|>": END}
BYTES = {"vocab.json": VOCAB, "merges.txt": "#version: 0.2\n" + "".join(m + "\n" for m in MERGES)}
BYTES_END = {**BYTES, "vocab.json": WITH_END}
PIECES = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "hello", "Hello", "the", "The", "covid", "##ing", "\u4e2d",
          "\u00e9", "\u00c9", "e", "E", "\u65e5\u672c", "12", "##3", "\u00df", "tok", "##tok", "[", "]", "CLS"]
PIECES += [c for c in "abcdfghijklmnopqrstuvwxyz0123456789.,!?'\"()#$^<>|-_" if c not in PIECES]
PIECES += ["##" + c for c in "abcdefghijklmnopqrstuvwxyz"]
WORDS = {"vocab.txt": "".join(p + "\n" for p in PIECES)}


def added(content, **flags):
    token = {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
             "special": False}
    token.update(flags)
    return token


def config(cls=None, **keys):
    return {**({"tokenizer_class": cls} if cls else {}), **keys}


def variants():
    gpt2, qwen2, bert, roberta = "GPT2Tokenizer", "Qwen2Tokenizer", "BertTokenizer", "RobertaTokenizer"
    at = lambda n: str(END + n)
    n = len(PIECES)
    yield "gpt2", {**BYTES_END, "tokenizer_config.json": config(gpt2)}
    yield "gpt2 without its end", {**BYTES, "tokenizer_config.json": config(gpt2)}
    yield "gpt2 by its model type", {**BYTES_END, "config.json": {"model_type": "gpt2"}}
    yield "gpt2, fast", {**BYTES_END, "tokenizer_config.json": config("GPT2TokenizerFast")}
    yield "gpt2, prefix space", {**BYTES_END, "tokenizer_config.json": config(gpt2, add_prefix_space=True)}
    yield "qwen2", {**BYTES_END, "tokenizer_config.json": config(qwen2)}
    yield "qwen2, fast", {**BYTES_END, "tokenizer_config.json": config("Qwen2TokenizerFast")}
    yield "qwen2, prefix space", {**BYTES_END, "tokenizer_config.json": config(qwen2, add_prefix_space=True)}
    yield "qwen2 by its model type", {**BYTES_END, "config.json": {"model_type": "qwen2"}}
    yield "qwen2 whose class is wrong", {
        **BYTES_END, "config.json": {"model_type": "qwen2"}, "tokenizer_config.json": config(gpt2)}
    yield "qwen2, other keys", {**BYTES_END, "tokenizer_config.json": config(
        qwen2, bos_token=None, eos_token="<t>", unk_token=None, pad_token="<|endoftext|>", errors="replace",
        model_max_length=32768, split_special_tokens=False, clean_up_tokenization_spaces=False,
        chat_template="{{ messages }}", additional_special_tokens=["<q>"])}
    yield "roberta", {**BYTES, "tokenizer_config.json": config(roberta)}
    yield "roberta, prefix space", {**BYTES, "tokenizer_config.json": config(roberta, add_prefix_space=True)}
    yield "gpt2, added_tokens.json", {
        **BYTES_END, "tokenizer_config.json": config(gpt2), "added_tokens.json": {"<tool>": END + 1, "Tok": END + 2}}
    yield "gpt2, added_tokens.json and special_tokens_map.json", {
        **BYTES_END, "tokenizer_config.json": config(gpt2, eos_token="x"),
        "added_tokens.json": {"<tool>": END + 1, "Tok": END + 2},
        "special_tokens_map.json": {"eos_token": "<tool>", "additional_special_tokens": ["<q>", "ab"]}}
    yield "gpt2, special_tokens_map.json with flags", {
        **BYTES_END, "tokenizer_config.json": config(gpt2),
        "special_tokens_map.json": {
            "pad_token": {"content": "Tok", "lstrip": True, "normalized": True, "rstrip": False, "single_word": True},
            "mask_token": "<t>"}}
    yield "gpt2, added_tokens_decoder", {**BYTES_END, "tokenizer_config.json": config(gpt2, added_tokens_decoder={
        at(0): added("<|endoftext|>", special=True, normalized=True),
        at(1): added("<t>", lstrip=True, rstrip=True),
        at(2): added("tok", single_word=True),
        at(3): added("covid", normalized=True)}),
        "added_tokens.json": {"passed over": END + 1}}
    yield "gpt2, a byte's symbol among the added tokens", {
        **BYTES_END, "tokenizer_config.json": config(gpt2, added_tokens_decoder={
            str(VOCAB["\u010d"]): added("\u010d", special=True), str(VOCAB["x"]): added("x")})}
    yield "gpt2, roles with flags", {**BYTES_END, "tokenizer_config.json": config(
        gpt2, add_bos_token=True, add_eos_token=True, bos_token="<s>",
        eos_token={"__type": "AddedToken", "content": "</s>", "lstrip": False, "normalized": True, "rstrip": True,
                   "single_word": False},
        image_token="<q>", extra_special_tokens=["ab"])}
    yield "gpt2, end only", {**BYTES_END, "tokenizer_config.json": config(gpt2, add_eos_token=True)}
    yield "codegen by its model type", {**BYTES_END, "config.json": {"model_type": "codegen"}}
    yield "phi by its model type", {
        **BYTES_END, "config.json": {"model_type": "phi"}, "added_tokens.json": {"  ": END + 1, "\t\t": END + 2}}
    yield "qwen3 by its model type", {**BYTES_END, "config.json": {"model_type": "qwen3"}}
    for name, keys in {
        "bert": {}, "bert, cased": {"do_lower_case": False},
        "bert, cased without accents": {"do_lower_case": False, "strip_accents": True},
        "bert, uncased with accents": {"do_lower_case": True, "strip_accents": False},
        "bert, accents as case": {"do_lower_case": False, "strip_accents": None},
        "bert, Chinese words": {"tokenize_chinese_chars": False},
        "bert, cased, Chinese words": {"do_lower_case": False, "tokenize_chinese_chars": False},
        "bert, special tokens never split": {"never_split": ["[CLS]", "[UNK]"], "do_basic_tokenize": True},
        "bert, other unknown": {"unk_token": "tok"},
        "bert, other roles": {"cls_token": "[MASK]", "mask_token": "<t>", "pad_token": "<q>"},
    }.items():
        yield name, {**WORDS, "tokenizer_config.json": config(bert, **keys)}
    yield "bert by its model type", {**WORDS, "config.json": {"model_type": "bert"}}
    yield "distilbert, cased", {**WORDS, "tokenizer_config.json": config("DistilBertTokenizer", do_lower_case=False)}
    yield "electra", {**WORDS, "tokenizer_config.json": config("ElectraTokenizerFast")}
    yield "bert by its model type, cased", {
        **WORDS, "config.json": {"model_type": "bert"}, "tokenizer_config.json": config(do_lower_case=False)}
    yield "bert, added_tokens.json", {
        **WORDS, "tokenizer_config.json": config(bert), "added_tokens.json": {"Tok": n, "<T>": n + 1},
        "special_tokens_map.json": {"mask_token": "<T>"}}
    yield "bert, added_tokens_decoder", {**WORDS, "tokenizer_config.json": config(bert, added_tokens_decoder={
        "0": added("[UNK]", special=True), "1": added("[CLS]", special=True), "2": added("[SEP]", special=True),
        "3": added("[PAD]", special=True), "4": added("[MASK]", special=True, lstrip=True),
        str(n): added("COVID"), str(n + 1): added("Ab", normalized=True), str(n + 2): added("<t>", single_word=True),
        str(n + 3): added("\u00c9t", normalized=True), "9": added("covid", normalized=False)})}
    yield "bert, cased, Ab added", {**WORDS, "tokenizer_config.json": config(
        bert, do_lower_case=False, added_tokens_decoder={str(n): added("Ab", single_word=True)})}
    yield "bert, empty lines and blanks", {
        "vocab.txt": WORDS["vocab.txt"] + "\nlast \n", "tokenizer_config.json": config(bert)}


def folder(files):
    path = tempfile.mkdtemp()
    for name, content in files.items():
        with open(os.path.join(path, name), "w", encoding="utf-8", newline="") as out:
            out.write(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
    return path


def folders():
    draws = Draws(11)
    texts = FRAGMENTS + ["Hello hello HELLO", "a\rb", "abhello Abhello", "Covid-19 COVID", "  <t>  x", "a <t>"]
    texts += [text(draws) for _ in range(281 - len(texts))]
    rows = []
    for name, files in variants():
        tokenizer = AutoTokenizer.from_pretrained(folder(files))
        rows.append({
            "name": name,
            "files": {f: c if isinstance(c, str) else json.dumps(c, ensure_ascii=False) for f, c in files.items()},
            "ids": [tokenizer.encode(t, add_special_tokens=False) for t in texts],
            "framed": tokenizer.encode("the the"),
            "pair": tokenizer.encode("the", "hello"),
            "roles": {role: tokenizer.convert_tokens_to_ids(token)
                      for role, token in tokenizer.special_tokens_map.items()},
            "size": len(tokenizer),
        })
        print(name, len(tokenizer))
    return {"texts": texts, "fragments": FRAGMENTS, "folders": rows}


# --- added tokens with every combination of flags

# No two of them are equal when normalised: which one the Rust library finds then changes from run to run.
CONTENTS = ["<t>", "<q>", "<tool>", "tok", "Tok", "TOK", "ab", "Ab", "b", " x", "x ", "  ", "\n", "n\u0303", "\u00e9",
            "\u00d6", "\u4e2d", "\U0001f642", "\U00020000", "covid", "COVID", "the", " the", "##", "_", "-", "1", "12",
            "[X]", "\u00e9t\u00e9", "a\u00a0b", "hello"]


def with_added(kind):
    if kind == "bpe":
        model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                 "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                 "vocab": VOCAB, "merges": [m.split(" ") for m in MERGES]}
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        parts = {"normalizer": {"type": "NFC"}, "pre_tokenizer": level, "decoder": level}
    else:
        model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100, "vocab": {p: i for i, p in enumerate(PIECES)}}
        bert = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                "lowercase": True}
        parts = {"normalizer": bert, "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}}
    tokens, next_id = [], len(model["vocab"])
    for i, content in enumerate(CONTENTS):
        known = model["vocab"].get(content)
        tokens.append({"id": next_id if known is None else known, "content": content, "single_word": bool(i & 1),
                       "lstrip": bool(i & 2), "rstrip": bool(i & 4), "normalized": bool(i & 8),
                       "special": bool(i & 16)})
        next_id += known is None
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": sorted(tokens, key=lambda t: t["id"]),
            **parts, "post_processor": None, "model": model}


NO_ANSWER = 1


def added_tokens(count):
    rows = []
    for kind in ("bpe", "wordpiece"):
        file = json.dumps(with_added(kind), ensure_ascii=False)
        tokenizer = Tokenizer.from_str(file)
        draws, sums = Draws(5), []
        for _ in range(count):
            try:
                ids = tokenizer.encode(text(draws)).ids
                sums.append(zlib.crc32(struct.pack(">%di" % len(ids), *ids)))
            except BaseException as panic:  # the Rust library gives up on some overlaps: "AddedVocabulary bad split"
                if "bad split" not in str(panic):
                    raise
                sums.append(NO_ANSWER)
        print(kind, sums.count(NO_ANSWER), "of", count, "texts without an answer")
        rows.append({"kind": kind, "file": file, "crc32": base64.b64encode(struct.pack(">%dI" % count, *sums)).decode()})
    return {"seed": 5, "count": count, "fragments": FRAGMENTS, "tokenizers": rows}


# --- what the reference's tables say of every character

def characters():
    return (chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF)


def word_ranges():
    """The characters of a word, as ranges `first-last`: beside them a single_word token is not found."""
    tokenizer = Tokenizer.from_str(json.dumps({
        **with_added("bpe"), "normalizer": None,
        "added_tokens": [dict(added("<q>", single_word=True), id=len(VOCAB))]}))
    ranges = []
    for c in characters():
        if len(VOCAB) not in tokenizer.encode("<q>" + c).ids:
            if ranges and ranges[-1][1] == ord(c) - 1:
                ranges[-1][1] = ord(c)
            else:
                ranges.append([ord(c), ord(c)])
    return ["%X-%X" % (first, last) for first, last in ranges]


def composed():
    """[character, what NFC makes of it between `a` and U+0334, and behind U+0345], where any of these changes."""
    nfc = normalizers.NFC().normalize_str
    changed = []
    for c in characters():
        before, after = "a" + c + "\u0334", "a\u0345" + c
        if nfc(before) != before or nfc(after) != after:
            changed.append([c, nfc(before), nfc(after)])
    return changed


def save(path, name, value):
    with gzip.GzipFile(path + "/" + name + ".json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(value, ensure_ascii=False).encode("utf-8"))


if __name__ == "__main__":
    save(sys.argv[1], "folders", folders())
    save(sys.argv[1], "added-tokens", added_tokens(30000))
    save(sys.argv[1], "characters", {"words": word_ranges(), "composed": composed()})
