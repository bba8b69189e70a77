package gradus.train.run.text;

import gradus.tokenizer.Tokenizer;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Gguf;
import gradus.train.pretrained.GenerationConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The tokens that end what a published model writes, as its files tell them: there may be several, as Llama
/// 3's end of a text and end of a turn. Only where no file tells any are they guessed by their usual names.
public final class EndTokens {
    private static final List<String> USUAL = List.of(
            "<|end_of_text|>", "<|endoftext|>", "</s>", "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<end_of_turn>");
    private static final List<String> GGUF_KEYS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

    private EndTokens() {}

    /// Of a Hugging Face folder: what it says of writing, and `eos_token` of tokenizer_config.json.
    public static Set<Integer> ofFolder(Path folder, GenerationConfig generation, Tokenizer tokenizer) {
        Set<Integer> ends = new TreeSet<>(generation.eos());
        Path names = folder.resolve("tokenizer_config.json");
        if (Files.isRegularFile(names)) {
            JsonNode token = CheckpointJson.read(names).path("eos_token");
            String name = token.isObject() ? token.path("content").asString("") : token.asString("");
            ends.add(tokenizer.tokenToId(name));
        }
        return orUsual(ends, tokenizer);
    }

    /// Of a GGUF file: the ends of a text, of a turn and of a message.
    public static Set<Integer> ofGguf(Gguf file, Tokenizer tokenizer) {
        Set<Integer> ends = new TreeSet<>();
        for (String key : GGUF_KEYS) {
            if (file.metadata().get("tokenizer.ggml." + key) instanceof Long id && id <= Integer.MAX_VALUE) {
                ends.add(id.intValue());
            }
        }
        return orUsual(ends, tokenizer);
    }

    private static Set<Integer> orUsual(Set<Integer> ends, Tokenizer tokenizer) {
        ends.removeIf(id -> id < 0);
        if (ends.isEmpty()) {
            USUAL.stream()
                    .filter(tokenizer.specialTokens()::contains)
                    .map(tokenizer::tokenToId)
                    .forEach(ends::add);
        }
        return ends;
    }
}
