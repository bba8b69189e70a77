package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.added.AddedTokens;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What byte-level BPE, WordPiece and the SentencePiece tokenizers share, in Hugging Face's terms: added
/// tokens, a normalizer, a model, a template.
///
/// `text → cut out added tokens → normalize → model (the subclass) → ids`; `encodeForModel` then puts the ids
/// into the template.
public abstract sealed class TokenizerPipeline implements Tokenizer
        permits ByteLevelBpe, WordPiece, SentencePieceTokenizer {

    /// What surrounds the model.
    ///
    /// @param added the added tokens
    /// @param normalizer the normalizer
    /// @param template the frame around what a model is fed
    /// @param truncation the longest input, or null
    /// @param padding the padding, or null
    /// @param roles what the source says of tokens with a role
    public record Frame(
            AddedTokens added,
            Normalizer normalizer,
            Template template,
            Truncation truncation,
            Padding padding,
            SpecialTokens roles) {
        public static final Frame NONE = of(List.of(), new NoNormalizer());

        public static Frame of(Collection<AddedToken> added, Normalizer normalizer) {
            return new Frame(
                    new AddedTokens(added, normalizer), normalizer, Template.NONE, null, null, SpecialTokens.NONE);
        }

        public Frame withTemplate(Template value) {
            return new Frame(added, normalizer, value, truncation, padding, roles);
        }

        public Frame withLengths(Truncation newTruncation, Padding newPadding) {
            return new Frame(added, normalizer, template, newTruncation, newPadding, roles);
        }

        public Frame withRoles(SpecialTokens value) {
            return new Frame(added, normalizer, template, truncation, padding, value);
        }
    }

    private final Frame frame;

    TokenizerPipeline(Frame frame) {
        this.frame = frame;
    }

    public final Frame frame() {
        return frame;
    }

    /// The same tokenizer in another frame.
    public abstract TokenizerPipeline withFrame(Frame other);

    /// One above the highest id of the model's own vocabulary.
    public abstract int modelSize();

    /// Whether the id has a token in the model's own vocabulary.
    public abstract boolean hasModelToken(int id);

    /// Encodes normalised text without added tokens.
    abstract void encodeModel(String text, IntList ids);

    /// The same, for a model whose ids depend on whether the text comes first, or whose pieces could spell a
    /// control token that nobody allowed.
    ///
    /// @param first whether no token stands before it
    void encodeModel(String text, boolean first, Set<String> allowedSpecial, IntList ids) {
        encodeModel(text, ids);
    }

    /// The token's spelling in the model's vocabulary.
    public abstract String modelToken(int id);

    /// The id of a spelling in the model's vocabulary, or -1.
    public abstract int modelId(String token);

    /// The UTF-8 that a token of the model adds to the text.
    abstract byte[] modelBytes(int id, boolean first);

    @Override
    public final int vocabularySize() {
        return Math.max(modelSize(), frame.added.end());
    }

    @Override
    public final boolean hasToken(int id) {
        return id >= 0 && (frame.added.get(id) != null || id < modelSize() && hasModelToken(id));
    }

    @Override
    public final SpecialTokens roles() {
        return frame.roles;
    }

    /// The same tokenizer with these roles. Throws TokenizerException if it has no token with the id of one of
    /// them.
    public final TokenizerPipeline withRoles(SpecialTokens roles) {
        List<Integer> ids = new ArrayList<>(roles.byName().values());
        ids.addAll(roles.eos());
        ids.stream().filter(id -> !hasToken(id)).findFirst().ifPresent(id -> {
            throw new TokenizerException("special token: the tokenizer has no token with the id " + id);
        });
        return withFrame(frame.withRoles(roles));
    }

    /// The same tokenizer with a template of its roles: `bos` before every text if they say `addBos`, `eos`
    /// after it if they say `addEos`.
    public final TokenizerPipeline withBounds() {
        SpecialTokens roles = frame.roles;
        Template.Special bos = roles.addBos().orElse(false) ? special(roles.bos()) : null;
        OptionalInt end = roles.eos().stream().mapToInt(Integer::intValue).findFirst();
        Template.Special eos = roles.addEos().orElse(false) ? special(end) : null;
        return bos == null && eos == null ? this : withFrame(frame.withTemplate(Template.bounds(bos, eos)));
    }

    private Template.Special special(OptionalInt id) {
        return id.isEmpty() ? null : new Template.Special(idToToken(id.getAsInt()), id.getAsInt(), 0);
    }

    @Override
    public final int[] encode(String text, Set<String> allowedSpecial) {
        Utf8.checkText(text);
        if (allowedSpecial == null) {
            throw new TokenizerException("encode: expected the set of allowed special tokens; got null");
        }
        var ids = new IntList(text.length() / 3 + 8);
        frame.added.split(Utf8.wellFormed(text), allowedSpecial, new AddedTokens.Sink() {
            @Override
            public void text(String normalized) {
                encodeModel(normalized, ids.size() == 0, allowedSpecial, ids);
            }

            @Override
            public void token(int id) {
                ids.add(id);
            }
        });
        return ids.toArray();
    }

    /// The text in the model's frame (`[CLS] … [SEP]`), cut to the model's length where the file gives one.
    /// Special tokens' text within the text is literal.
    public final Encoding encodeForModel(String text) {
        return inFrame(encode(text), null, frame.truncation);
    }

    /// The same, cut to this length, whatever the file says.
    ///
    /// @param maxLength the most ids, the frame's included
    public final Encoding encodeForModel(String text, int maxLength) {
        boolean fromLeft = frame.truncation != null && frame.truncation.fromLeft();
        return inFrame(encode(text), null, new Truncation(maxLength, 0, fromLeft));
    }

    /// Two texts in the model's frame: a question and a passage, two sentences to compare.
    public final Encoding encodeForModel(String first, String second) {
        return inFrame(encode(first), encode(second), frame.truncation);
    }

    private Encoding inFrame(int[] first, int[] second, Truncation truncation) {
        int[][] cut = truncation == null
                ? new int[][] {first, second}
                : truncation.apply(first, second, frame.template.specialCount(second != null));
        return frame.template.apply(cut[0], cut[1]);
    }

    /// The tokens that the frame puts before a text, such as `<s>`. A prompt begins with these only: a token
    /// that the frame puts after a text would tell the model that the text has ended.
    public final int[] opening() {
        return frame.template.opening();
    }

    /// The longest input the file allows.
    public final Optional<Truncation> truncation() {
        return Optional.ofNullable(frame.truncation);
    }

    /// How the file wants batches padded.
    public final Optional<Padding> padding() {
        return Optional.ofNullable(frame.padding);
    }

    @Override
    public StreamingDecoder decoder() {
        return new StreamingDecoder() {
            @Override
            protected byte[] next(int id, boolean first) {
                AddedToken added = frame.added.get(checkId(id));
                if (added != null) {
                    return addedBytes(added, first);
                }
                return hasToken(id) ? modelBytes(id, first) : null;
            }
        };
    }

    /// The UTF-8 that an added token adds to the text.
    byte[] addedBytes(AddedToken added, boolean first) {
        return added.content().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final String idToToken(int id) {
        AddedToken added = frame.added.get(checkId(id));
        return added != null ? added.content() : hasToken(id) ? modelToken(id) : "";
    }

    @Override
    public final int tokenToId(String token) {
        if (token == null || token.isEmpty()) {
            return -1;
        }
        int added = frame.added.id(token);
        return added >= 0 ? added : modelId(token);
    }

    @Override
    public final Set<String> specialTokens() {
        return frame.added.special();
    }

    /// Whether the model and the normalizer allow [#safeCut].
    boolean cutsAreSafe() {
        return NormalizerStep.keepsCuts(frame.normalizer);
    }

    /// Before a space between two ASCII letters every published rule ends a pre-token, and no published
    /// normalizer looks across.
    @Override
    public final int safeCut(String text, int from) {
        if (!frame.added.cutsAreSafe() || !cutsAreSafe()) {
            return text.length();
        }
        for (int i = Math.max(1, from); i + 1 < text.length(); i++) {
            if (text.charAt(i) == ' ' && isAsciiLetter(text.charAt(i - 1)) && isAsciiLetter(text.charAt(i + 1))) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isAsciiLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
