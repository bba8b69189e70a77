package gradus.train.pretrained.gguf;

import static gradus.train.pretrained.gguf.GgufTokenType.CONTROL;
import static gradus.train.pretrained.gguf.GgufTokenType.NORMAL;
import static gradus.train.pretrained.gguf.GgufTokenType.UNKNOWN;
import static gradus.train.pretrained.gguf.GgufTokenType.UNUSED;
import static gradus.train.pretrained.gguf.GgufTokenType.USER_DEFINED;

import gradus.error.CheckpointMismatchException;
import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.format.BpeParts;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A byte-level BPE among the keys of a GGUF file, under the model name "gpt2". Every token has a type:
/// control tokens are found only where they are allowed, user-defined ones in every text, and an unused id
/// has no token.
final class GgufBytes {
    private static final String AT = "tokenizer.ggml.";

    /// llama.cpp's names for the rules that cut text, by ours. The second of two is read and not written: the
    /// same rule, under the name of another model.
    private static final Map<String, List<String>> RULES = Map.of(
            "gpt2",
            List.of("gpt-2"),
            "llama3",
            List.of("llama-bpe", "llama3", "llama-v3"),
            "qwen2",
            List.of("qwen2"),
            "o200k",
            List.of("gpt-4o"));

    static final KnownKeys KEYS = KnownKeys.of("a GGUF file's gpt2 tokenizer")
            .obeyed(AT + "model", AT + "pre", AT + "tokens", AT + "token_type", AT + "merges")
            .harmless("a byte-level BPE goes by its merges", AT + "scores")
            .harmless("segments are told apart by an encoder only", AT + "token_type_count")
            .only(AT + "add_space_prefix", "no space is put before a text", false)
            .only(AT + "remove_extra_whitespaces", "a byte-level BPE keeps every space", false)
            .only(AT + "add_sep_token", "a byte-level BPE's text has no separator behind it", false)
            .refused("a byte-level BPE has no normalizer", AT + "precompiled_charsmap")
            .and(GgufRoles.KEYS);

    private GgufBytes() {}

    /// @param vocabSize the model's, whose further rows are told to be unused
    static void write(GgufWriter file, ByteLevelBpe tokenizer, int vocabSize) {
        BpeParts parts;
        try {
            parts = BpeParts.of(tokenizer);
        } catch (TokenizerException beyond) {
            throw new CheckpointMismatchException(beyond.getMessage(), beyond);
        }
        List<String> rule = RULES.get(parts.preTokenizer());
        if (rule == null) {
            throw new CheckpointMismatchException("llama.cpp knows no pre-tokenizer like %s; it knows %s"
                    .formatted(parts.preTokenizer(), RULES.keySet()));
        }
        List<String> tokens = new ArrayList<>();
        int[] types = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            String token = id < parts.tokens().size() ? parts.tokens().get(id) : "";
            tokens.add(token.isEmpty() ? padding(id) : token);
            types[id] = token.isEmpty()
                    ? UNUSED
                    : parts.special().contains(id)
                            ? CONTROL
                            : parts.userDefined().contains(id) ? USER_DEFINED : NORMAL;
        }
        file.put(AT + "model", "gpt2")
                .put(AT + "pre", rule.getFirst())
                .put(AT + "tokens", tokens)
                .put(AT + "token_type", types)
                .put(AT + "merges", parts.merges());
    }

    /// What stands in the list of tokens for an id without one.
    static String padding(int id) {
        return "[PAD" + id + "]";
    }

    static ByteLevelBpe read(Gguf file) {
        String rule = file.text(AT + "pre");
        String own = RULES.entrySet().stream()
                .filter(known -> known.getValue().contains(rule))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        new CheckpointMismatchException("%s: the pre-tokenizer \"%s\" is not supported; %s are"
                                .formatted(
                                        file.origin(),
                                        Printable.value(rule),
                                        RULES.values().stream()
                                                .flatMap(List::stream)
                                                .sorted()
                                                .toList())));
        List<String> tokens = new ArrayList<>(file.texts(AT + "tokens"));
        long[] types = file.wholes(AT + "token_type", tokens.size()); // BAD-INPUT 87
        Set<Integer> special = new HashSet<>();
        Set<Integer> userDefined = new HashSet<>();
        for (int id = 0; id < types.length; id++) {
            switch ((int) types[id]) {
                case NORMAL -> {}
                case UNKNOWN, CONTROL -> special.add(id);
                case USER_DEFINED -> userDefined.add(id);
                case UNUSED -> tokens.set(id, ""); // no token
                default ->
                    throw new CheckpointMismatchException("%s: token %s has the type %s, which a byte-level BPE has not"
                            .formatted(file.origin(), id, types[id]));
            }
        }
        while (!tokens.isEmpty() && tokens.getLast().isEmpty()) {
            tokens.removeLast();
        }
        return new BpeParts(tokens, file.texts(AT + "merges"), special, userDefined, own).build();
    }
}
