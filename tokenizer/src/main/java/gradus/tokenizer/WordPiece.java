package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.pretokenize.BertWords;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceCache;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// WordPiece: BERT. Schuster & Nakajima 2012; Devlin et al. 2018, arXiv:1810.04805.
///
/// The text is normalized and cut into words. Each word is spelt from left to right, each time by the longest
/// piece that fits; pieces after the first begin with `##`: `bugs → b ##u ##gs`. If no piece fits somewhere
/// in a word, the whole word becomes `[UNK]`.
///
/// Case, accents and white space are lost, so `decode(encode(s))` is not always `s`; but encoding the decoded
/// text gives the same ids again for plain words. Cost O(n · longest piece).
///
/// Made by `WordPieceLikelihoodTrainer`, `WordPieceFrequencyTrainer`, `Tokenizers.load` or `VocabTxt`.
public final class WordPiece extends TokenizerPipeline {
    private static final List<String> BERT_TOKENS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private final WordPieceVocabulary vocabulary;
    private final WordPieceRules rules;
    private final int unk;
    private final ConcurrentLinkedQueue<PieceCache> idle = new ConcurrentLinkedQueue<>(); // one per busy thread

    public WordPiece(WordPieceVocabulary vocabulary, WordPieceRules rules, Frame frame) {
        super(frame);
        this.vocabulary = vocabulary;
        this.rules = rules;
        this.unk = vocabulary.id(rules.unkToken());
        if (unk < 0) {
            throw new TokenizerException("the unk_token '" + rules.unkToken()
                    + "' is not in the vocabulary: a word that cannot be spelt would have no id");
        }
    }

    /// A WordPiece with BERT's rules and special tokens, as far as the vocabulary has them.
    public static WordPiece bert(List<String> tokens, BertNormalizer normalizer) {
        var vocabulary = new WordPieceVocabulary(tokens, WordPieceRules.BERT.continuingSubwordPrefix());
        var added = new ArrayList<AddedToken>();
        for (String special : BERT_TOKENS) {
            if (vocabulary.id(special) >= 0) {
                added.add(AddedToken.special(vocabulary.id(special), special));
            }
        }
        var cls = new Template.Special("[CLS]", vocabulary.id("[CLS]"), 0);
        var sep = new Template.Special("[SEP]", vocabulary.id("[SEP]"), 0);
        Template template = cls.id() >= 0 && sep.id() >= 0 ? Template.bert(cls, sep) : Template.NONE;
        return new WordPiece(
                vocabulary, WordPieceRules.BERT, Frame.of(added, normalizer).withTemplate(template));
    }

    public WordPieceVocabulary vocabulary() {
        return vocabulary;
    }

    /// How it reads and writes text.
    public WordPieceRules rules() {
        return rules;
    }

    @Override
    void encodeModel(String text, IntList ids) {
        PieceCache free = idle.poll();
        PieceCache cache = free == null ? new PieceCache(this::spell) : free;
        try {
            BertWords.split(
                    text.getBytes(StandardCharsets.UTF_8), (utf8, from, to) -> cache.spell(utf8, from, to, ids));
        } finally {
            idle.add(cache);
        }
    }

    private void spell(byte[] word, int from, int to, IntList ids) {
        int before = ids.size();
        if (codePoints(word, from, to) > rules.maxInputCharsPerWord()) {
            ids.add(unk);
            return;
        }
        for (int i = from; i < to; ) {
            long piece = vocabulary.longest(word, i, to, i > from);
            if (piece < 0) {
                ids.size(before);
                ids.add(unk);
                return;
            }
            ids.add((int) piece);
            i = (int) (piece >>> 32);
        }
    }

    private static int codePoints(byte[] utf8, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += (utf8[i] & 0xC0) != 0x80 ? 1 : 0;
        }
        return count;
    }

    @Override
    public TokenizerPipeline withFrame(Frame other) {
        return new WordPiece(vocabulary, rules, other);
    }

    @Override
    public int modelSize() {
        return vocabulary.size();
    }

    @Override
    public boolean hasModelToken(int id) {
        return vocabulary.has(id);
    }

    @Override
    public String modelToken(int id) {
        return vocabulary.token(id);
    }

    @Override
    public int modelId(String token) {
        return vocabulary.id(token);
    }

    @Override
    byte[] modelBytes(int id, boolean first) {
        return text(vocabulary.token(id), first).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    byte[] addedBytes(AddedToken added, boolean first) {
        return text(added.content(), first).getBytes(StandardCharsets.UTF_8);
    }

    /// Inner pieces are joined to the piece before; a space goes before all others.
    private String text(String token, boolean first) {
        String prefix = rules.continuingSubwordPrefix();
        String text = first ? token : token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        return rules.cleanup() ? cleanUp(text) : text;
    }

    /// Takes the space away where written English has none. Source: huggingface/tokenizers,
    /// `decoders/wordpiece.rs`.
    private static String cleanUp(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    @Override
    public String name() {
        return "wordpiece";
    }
}
