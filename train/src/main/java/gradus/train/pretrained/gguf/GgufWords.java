package gradus.train.pretrained.gguf;

import static gradus.train.pretrained.gguf.GgufTokenType.CONTROL;
import static gradus.train.pretrained.gguf.GgufTokenType.NORMAL;
import static gradus.train.pretrained.gguf.GgufTokenType.UNKNOWN;
import static gradus.train.pretrained.gguf.GgufTokenType.UNUSED;
import static gradus.train.pretrained.gguf.GgufTokenType.USER_DEFINED;

import gradus.error.CheckpointMismatchException;
import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.format.WordPieceParts;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// BERT's WordPiece among the keys of a GGUF file, under the model name "bert". There a piece that begins a
/// word has a `▁` (U+2581) before it, and one inside a word has lost its `##`; control tokens stand as they
/// are. Source: ggerganov/llama.cpp, `convert_hf_to_gguf.py` and `llm_tokenizer_wpm`.
final class GgufWords {
    private static final String AT = "tokenizer.ggml.";
    private static final String LOWERCASE = AT + "normalizer.lowercase";
    private static final String STRIP_ACCENTS = AT + "normalizer.strip_accents";
    private static final String BEGINS = "\u2581";
    private static final String INSIDE = "##";

    static final KnownKeys KEYS = KnownKeys.of("a GGUF file's bert tokenizer")
            .obeyed(AT + "model", AT + "tokens", AT + "token_type", AT + "token_type_count", LOWERCASE, STRIP_ACCENTS)
            .harmless("it names a rule for byte-level BPE; words are cut by BERT's", AT + "pre")
            .harmless("pieces are found by their length", AT + "scores", AT + "merges")
            .only(AT + "add_sep_token", "an encoder's text ends with its separator", true)
            .only(AT + "add_space_prefix", "words have their own marks", false)
            .only(AT + "remove_extra_whitespaces", "white space is never part of a word", false, true)
            .refused("BERT's normalizer is not made of a table", AT + "precompiled_charsmap")
            .and(GgufRoles.KEYS);

    private GgufWords() {}

    /// @param vocabSize the model's, whose further rows are told to be unused
    static void write(GgufWriter file, WordPiece tokenizer, int vocabSize) {
        WordPieceParts parts = parts(tokenizer);
        List<String> tokens = new ArrayList<>();
        int[] types = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            String token = id < parts.tokens().size() ? parts.tokens().get(id) : null;
            boolean special = parts.special().contains(id);
            boolean added = special || parts.userDefined().contains(id);
            tokens.add(token == null ? GgufBytes.padding(id) : added ? token : marked(token));
            types[id] = token == null ? UNUSED : special ? CONTROL : added ? USER_DEFINED : NORMAL;
        }
        file.put(AT + "model", "bert")
                .put(AT + "pre", "default")
                .put(AT + "tokens", tokens)
                .put(AT + "token_type", types)
                .put(LOWERCASE, parts.lowercase())
                .put(STRIP_ACCENTS, parts.stripAccents());
        parts.roles().unk().ifPresent(id -> file.put(AT + "unknown_token_id", id));
    }

    /// The roles that llama.cpp frames a text by: what stands first is its `bos`.
    static SpecialTokens roles(WordPiece tokenizer) {
        SpecialTokens roles = parts(tokenizer).roles();
        if (roles.bos().isEmpty() && roles.cls().isPresent()) {
            roles = roles.withBos(roles.cls().getAsInt());
        }
        return roles.withAddBos(true);
    }

    private static WordPieceParts parts(WordPiece tokenizer) {
        try {
            return WordPieceParts.of(tokenizer);
        } catch (TokenizerException beyond) {
            throw new CheckpointMismatchException(beyond.getMessage(), beyond);
        }
    }

    private static String marked(String token) {
        return token.startsWith(INSIDE) ? token.substring(INSIDE.length()) : BEGINS + token;
    }

    private static String unmarked(String token) {
        if (token.startsWith(BEGINS)) {
            return token.substring(BEGINS.length());
        }
        boolean bracketed = token.length() > 2 && token.startsWith("[") && token.endsWith("]"); // by older converters
        return bracketed ? token : INSIDE + token;
    }

    static WordPiece read(Gguf file) {
        List<String> tokens = new ArrayList<>(file.texts(AT + "tokens"));
        long[] types = file.wholes(AT + "token_type", tokens.size()); // BAD-INPUT 87
        Set<Integer> special = new HashSet<>();
        Set<Integer> userDefined = new HashSet<>();
        for (int id = 0; id < types.length; id++) {
            switch ((int) types[id]) {
                case NORMAL -> tokens.set(id, unmarked(tokens.get(id)));
                case UNKNOWN, CONTROL -> special.add(id);
                case USER_DEFINED -> userDefined.add(id);
                case UNUSED -> tokens.set(id, null);
                default ->
                    throw new CheckpointMismatchException("%s: token %s has the type %s, which a WordPiece has not"
                            .formatted(file.origin(), id, types[id]));
            }
        }
        while (!tokens.isEmpty() && tokens.getLast() == null) {
            tokens.removeLast();
        }
        boolean lowercase = !file.has(LOWERCASE) || file.flag(LOWERCASE);
        boolean strip = file.has(STRIP_ACCENTS) ? file.flag(STRIP_ACCENTS) : lowercase;
        SpecialTokens roles = GgufRoles.read(file, tokens.size(), false, false);
        if (roles.cls().isEmpty() && roles.bos().isPresent()) {
            roles = roles.withCls(roles.bos().getAsInt());
        }
        if (roles.cls().isEmpty() || roles.sep().isEmpty()) {
            throw new CheckpointMismatchException(
                    file.origin() + ": names no tokens that stand before and behind a text (cls and seperator)");
        }
        SpecialTokens own = new SpecialTokens(
                OptionalInt.empty(), // cls under another name
                roles.eos(),
                roles.pad(),
                roles.unk(),
                roles.sep(),
                roles.cls(),
                roles.mask(),
                Optional.empty(),
                roles.addEos(),
                roles.chatTemplates());
        boolean sameBeginning = roles.bos().isEmpty() || roles.bos().equals(roles.cls());
        if (!sameBeginning || !roles.addBos().orElse(true) || roles.addEos().orElse(false)) {
            throw new CheckpointMismatchException(
                    file.origin() + ": frames a text otherwise than BERT, which is not supported");
        }
        return new WordPieceParts(tokens, special, userDefined, lowercase, strip, own).build();
    }
}
