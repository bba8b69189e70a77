package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.TokenizerException;
import gradus.tokenizer.BpeParts;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A byte-level BPE among the keys of a GGUF file, under the model name "gpt2".
final class GgufTokenizer {
    private static final String AT = "tokenizer.ggml.";
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int UNUSED = 5;

    /// llama.cpp's names for the rules that cut text, by ours.
    private static final Map<String, String> RULES =
            Map.of("gpt2", "gpt-2", "llama3", "llama-bpe", "qwen2", "qwen2", "o200k", "gpt-4o");

    private static final List<String> ENDS = List.of("<|end_of_text|>", "<|endoftext|>");
    private static final List<String> BEGINNINGS = List.of("<|begin_of_text|>", "<|endoftext|>");

    private GgufTokenizer() {}

    /// @param vocabSize the model's, whose further rows are told to be unused
    static void write(GgufWriter file, Tokenizer tokenizer, int vocabSize) {
        if (!(tokenizer instanceof ByteLevelBpe bpe)) {
            throw new CheckpointMismatchException(
                    "a GGUF file takes a byte-level BPE; got a %s tokenizer".formatted(tokenizer.name()));
        }
        write(file, bpe, vocabSize);
    }

    private static void write(GgufWriter file, ByteLevelBpe tokenizer, int vocabSize) {
        BpeParts parts = BpeParts.of(tokenizer);
        String rule = RULES.get(parts.preTokenizer());
        if (rule == null) {
            throw new CheckpointMismatchException(
                    "llama.cpp knows no pre-tokenizer like %s; it knows %s".formatted(parts.preTokenizer(), RULES));
        }
        List<String> tokens = new ArrayList<>(parts.tokens());
        int[] types = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            if (id >= parts.tokens().size()) {
                tokens.add("[PAD" + id + "]");
            }
            types[id] = id >= parts.tokens().size() ? UNUSED : parts.special().contains(id) ? CONTROL : NORMAL;
        }
        file.put(AT + "model", "gpt2")
                .put(AT + "pre", rule)
                .put(AT + "tokens", tokens)
                .put(AT + "token_type", types)
                .put(AT + "merges", parts.merges())
                .put(AT + "add_bos_token", false);
        putFirst(file, "bos_token_id", BEGINNINGS, tokenizer);
        putFirst(file, "eos_token_id", ENDS, tokenizer);
    }

    private static void putFirst(GgufWriter file, String key, List<String> names, ByteLevelBpe tokenizer) {
        names.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .findFirst()
                .ifPresent(id -> file.put(AT + key, id));
    }

    static ByteLevelBpe read(Gguf file) {
        if (!file.text(AT + "model").equals("gpt2")) {
            throw new CheckpointMismatchException("%s: the tokenizer is \"%s\"; byte-level BPE (\"gpt2\") is read"
                    .formatted(file.origin(), file.text(AT + "model")));
        }
        String rule = file.text(AT + "pre");
        String own = RULES.entrySet().stream()
                .filter(known -> known.getValue().equals(rule))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new CheckpointMismatchException(
                        "%s: the pre-tokenizer \"%s\" is not known; %s are".formatted(file.origin(), rule, RULES)));
        List<String> tokens = file.texts(AT + "tokens");
        long[] types = file.wholes(AT + "token_type", tokens.size()); // BAD-INPUT 87
        int used = tokens.size();
        while (used > 0 && types[used - 1] == UNUSED) {
            used--;
        }
        Set<Integer> special = new HashSet<>();
        for (int id = 0; id < used; id++) {
            if (types[id] == CONTROL) {
                special.add(id);
            }
        }
        try {
            return new BpeParts(tokens.subList(0, used), file.texts(AT + "merges"), special, own).build();
        } catch (TokenizerException unsound) {
            throw new CorruptCheckpointException(file.origin() + ": " + unsound.getMessage(), unsound);
        }
    }
}
