package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeEncoder;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.text.IntList;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Byte-level byte-pair encoding: GPT-2, Llama 3, Qwen2. Radford et al. 2019; Sennrich et al. 2016,
/// arXiv:1508.07909.
///
/// The text's UTF-8 is cut into pre-tokens, and in each the learned merges are replayed in the order of
/// learning. As all 256 bytes are tokens, every text can be spelt and `decode(encode(s))` is `s`.
/// `BytePairBasics` says the same in a hundred lines. Cost O(n log n) for every text; mostly O(n).
///
/// Made by `BpeTrainer`, `Tokenizers.load`, `Gpt2Files` or `TiktokenFile`.
public final class ByteLevelBpe extends TokenizerPipeline {
    private final BpeVocabulary vocabulary;
    private final BpeRules rules;
    private final ConcurrentLinkedQueue<BpeEncoder> idle = new ConcurrentLinkedQueue<>(); // one per busy thread

    public ByteLevelBpe(BpeVocabulary vocabulary, BpeRules rules, Frame frame) {
        super(frame);
        this.vocabulary = vocabulary;
        this.rules = rules;
        if (rules.unkToken() != null
                && vocabulary.idOfSpelling(rules.unkToken()) < 0
                && !vocabulary.spellsEveryByte()) {
            throw new TokenizerException("the unk_token '" + rules.unkToken() + "' is not in the vocabulary");
        }
    }

    public BpeVocabulary vocabulary() {
        return vocabulary;
    }

    /// How it reads text.
    public BpeRules rules() {
        return rules;
    }

    /// The same tokenizer, which puts a space before a text that does not start with one, or no longer does.
    public ByteLevelBpe withPrefixSpace(boolean wanted) {
        PrefixSpace where = !wanted
                ? PrefixSpace.NONE
                : rules.preTokenizer() instanceof Gpt2PreTokenizer ? PrefixSpace.TEXT : PrefixSpace.PIECE;
        return new ByteLevelBpe(vocabulary, rules.withPrefixSpace(where), frame());
    }

    /// How many merges it has learned.
    public int mergeCount() {
        return vocabulary.merges().size();
    }

    @Override
    void encodeModel(String text, IntList ids) {
        String prefixed = rules.prefixSpace() == PrefixSpace.TEXT && !text.startsWith(" ") ? " " + text : text;
        BpeEncoder free = idle.poll();
        BpeEncoder encoder = free == null ? new BpeEncoder(vocabulary, rules) : free;
        try {
            encoder.encode(prefixed.getBytes(StandardCharsets.UTF_8), ids);
        } finally {
            idle.add(encoder);
        }
    }

    @Override
    public TokenizerPipeline withFrame(Frame other) {
        return new ByteLevelBpe(vocabulary, rules, other);
    }

    @Override
    boolean cutsAreSafe() {
        return rules.preTokenizer().endsBeforeSpaces() && super.cutsAreSafe();
    }

    @Override
    public int modelSize() {
        return vocabulary.size();
    }

    @Override
    public boolean hasModelToken(int id) {
        return vocabulary.has(id);
    }

    /// The token of a single byte stands for that byte even if it is an added token too. Otherwise no text
    /// with that byte could be decoded.
    @Override
    byte[] addedBytes(AddedToken added, boolean first) {
        return added.id() < vocabulary.size() && vocabulary.isByte(added.id())
                ? vocabulary.bytes(added.id())
                : super.addedBytes(added, first);
    }

    @Override
    public String modelToken(int id) {
        return vocabulary.spelling(id);
    }

    @Override
    public int modelId(String token) {
        return vocabulary.idOfSpelling(token);
    }

    @Override
    byte[] modelBytes(int id, boolean first) {
        return vocabulary.bytes(id);
    }

    @Override
    public String name() {
        return "bpe";
    }
}
