package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceCache;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What [SentencePieceBpe] and [Unigram] share: a text is a run of characters in which `▁` (U+2581) stands for a
/// space, so that pieces tell where words begin and decoding needs no rules of language. Kudo & Richardson 2018,
/// arXiv:1808.06226.
///
/// `normalised text → cut at white space, in some → pieces → ids; no piece → <0xNN> for each byte, or <unk>`
public abstract sealed class SentencePieceTokenizer extends TokenizerPipeline permits SentencePieceBpe, Unigram {
    private static final BitSet NOTHING = new BitSet();

    private final PieceVocabulary vocabulary;
    private final PieceRules rules;
    private final SentencePieceSpec spec;
    private final BitSet special = new BitSet();
    private final ConcurrentLinkedQueue<PieceCache> idle = new ConcurrentLinkedQueue<>(); // one per busy thread

    /// @param spec what only SentencePiece's own files say, or null
    SentencePieceTokenizer(PieceVocabulary vocabulary, PieceRules rules, SentencePieceSpec spec, Frame frame) {
        super(frame);
        this.vocabulary = vocabulary;
        this.rules = rules;
        this.spec = spec;
        for (AddedToken token : frame.added().all()) {
            if (token.special() && token.id() != rules.unk()) {
                special.set(token.id());
            }
        }
    }

    public final PieceVocabulary vocabulary() {
        return vocabulary;
    }

    public final PieceRules rules() {
        return rules;
    }

    /// What only SentencePiece's own files say; null for a tokenizer by Hugging Face's rules.
    public final SentencePieceSpec spec() {
        return spec;
    }

    /// Appends the ids of a piece of normalised text, using none of the forbidden ones.
    abstract void spell(byte[] utf8, int from, int to, BitSet forbidden, IntList ids);

    /// Where the part that starts at `from` ends whose ids do not depend on what follows; `to` where nothing is
    /// known.
    int partEnd(byte[] utf8, int from, int to) {
        return to;
    }

    @Override
    final void encodeModel(String text, boolean first, Set<String> allowedSpecial, IntList ids) {
        PieceCache free = idle.poll();
        PieceCache cache = free == null ? new PieceCache((b, i, j, out) -> spell(b, i, j, NOTHING, out)) : free;
        try {
            for (String part : rules.split().split(List.of(text), first)) {
                byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < utf8.length; ) {
                    int end = partEnd(utf8, i, utf8.length);
                    int before = ids.size();
                    cache.spell(utf8, i, end, ids);
                    if (hasForbidden(ids, before, allowedSpecial)) {
                        ids.size(before);
                        spell(utf8, i, end, forbidden(allowedSpecial), ids);
                    }
                    i = end;
                }
            }
        } finally {
            idle.add(cache);
        }
    }

    @Override
    final void encodeModel(String text, IntList ids) {
        encodeModel(text, true, Set.of(), ids);
    }

    /// Whether the model put the text of a control token together that nobody allowed.
    private boolean hasForbidden(IntList ids, int from, Set<String> allowed) {
        for (int i = from; i < ids.size(); i++) {
            if (special.get(ids.get(i)) && !allowed.contains(vocabulary.token(ids.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private BitSet forbidden(Set<String> allowed) {
        var forbidden = new BitSet();
        special.stream()
                .filter(id -> !allowed.contains(frame().added().get(id).content()))
                .forEach(forbidden::set);
        return forbidden;
    }

    /// Appends what stands for characters without a piece that start at `from`.
    final void addUnknown(byte[] utf8, int from, IntList ids) {
        if (rules.unk() < 0) {
            throw new TokenizerException(
                    "the vocabulary has no piece for U+%04X, nor an unk_token".formatted(Utf8.codePointAt(utf8, from)));
        }
        ids.add(rules.unk());
    }

    /// Words are encoded one by one only where the text is cut at white space first, and each has its `▁`.
    @Override
    final boolean cutsAreSafe() {
        PreSplit last =
                rules.split() instanceof PreSplit.Sequence(List<PreSplit> steps) ? steps.getLast() : rules.split();
        return last instanceof PreSplit.Metaspace metaspace
                && metaspace.cuts()
                && metaspace.prepend() == PreSplit.Prepend.ALWAYS
                && NormalizerStep.keepsCuts(frame().normalizer());
    }

    @Override
    public final StreamingDecoder decoder() {
        return rules.decoder().over(this);
    }

    @Override
    byte[] modelBytes(int id, boolean first) {
        return decoder().bytes(id);
    }

    @Override
    public final int modelSize() {
        return vocabulary.size();
    }

    @Override
    public final boolean hasModelToken(int id) {
        return vocabulary.isPiece(id);
    }

    @Override
    public abstract SentencePieceTokenizer withFrame(Frame other);

    @Override
    public final String modelToken(int id) {
        return vocabulary.token(id);
    }

    @Override
    public final int modelId(String token) {
        return vocabulary.id(token);
    }
}
