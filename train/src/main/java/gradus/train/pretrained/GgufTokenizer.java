package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.TokenizerException;
import gradus.tokenizer.BpeParts;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tokenizer among the keys of a GGUF file: a byte-level BPE under the model name "gpt2"; those of pieces
/// are [GgufPieces].
final class GgufTokenizer {
    private static final String AT = "tokenizer.ggml.";
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int UNUSED = 5;

    /// llama.cpp's names for the rules that cut text, by ours.
    private static final Map<String, String> RULES =
            Map.of("gpt2", "gpt-2", "llama3", "llama-bpe", "qwen2", "qwen2", "o200k", "gpt-4o");

    private static final List<String> ENDS = List.of("<|end_of_text|>", "<|endoftext|>", "</s>", "<eos>");
    private static final List<String> BEGINNINGS = List.of("<|begin_of_text|>", "<|endoftext|>", "<s>", "<bos>");

    private GgufTokenizer() {}

    /// @param vocabSize the model's, whose further rows are told to be unused
    static void write(GgufWriter file, TokenizerPipeline tokenizer, int vocabSize) {
        switch (tokenizer) {
            case ByteLevelBpe bpe -> write(file, bpe, vocabSize);
            case SentencePieceTokenizer pieces -> GgufPieces.write(file, pieces, vocabSize);
            case WordPiece words ->
                throw new CheckpointMismatchException(
                        "a GGUF file takes no WordPiece for a model that goes on with text");
        }
        file.put(AT + "add_bos_token", false);
        putFirst(file, "bos_token_id", BEGINNINGS, tokenizer);
        putFirst(file, "eos_token_id", ENDS, tokenizer);
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
                .put(AT + "merges", parts.merges());
    }

    private static void putFirst(GgufWriter file, String key, List<String> names, TokenizerPipeline tokenizer) {
        names.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .findFirst()
                .ifPresent(id -> file.put(AT + key, id));
    }

    static TokenizerPipeline read(Gguf file) {
        if (GgufPieces.has(file)) {
            return GgufPieces.read(file);
        }
        if (!file.text(AT + "model").equals("gpt2")) {
            throw new CheckpointMismatchException("%s: the tokenizer is \"%s\"; gpt2, llama and t5 are read"
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
