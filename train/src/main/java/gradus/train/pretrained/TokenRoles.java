package gradus.train.pretrained;

import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.config.TokenizerConfigFile;
import gradus.train.checkpoint.CheckpointJson;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// The tokens with a role that a folder is written with: what the tokenizer's source said, else what is known of
/// generation, and for what this library trained itself, the usual names.
final class TokenRoles {
    private TokenRoles() {}

    static SpecialTokens of(Tokenizer tokenizer, GenerationConfig generation) {
        if (!tokenizer.roles().equals(SpecialTokens.NONE)) {
            return tokenizer.roles();
        }
        SpecialTokens usual = usual(tokenizer);
        if (generation.eos().isEmpty()) {
            return usual;
        }
        List<Integer> eos =
                generation.eos().stream().filter(tokenizer::hasToken).toList();
        return new SpecialTokens(
                known(generation.bos(), tokenizer),
                eos,
                known(generation.pad(), tokenizer),
                usual.unk(),
                usual.sep(),
                usual.cls(),
                usual.mask(),
                usual.addBos(),
                usual.addEos(),
                usual.chatTemplates());
    }

    private static OptionalInt known(OptionalInt id, Tokenizer tokenizer) {
        return id.isPresent() && tokenizer.hasToken(id.getAsInt()) ? id : OptionalInt.empty();
    }

    private static SpecialTokens usual(Tokenizer tokenizer) {
        SpecialTokens none = SpecialTokens.NONE;
        return new SpecialTokens(
                named(tokenizer, "<|begin_of_text|>", "<s>", "<|endoftext|>"),
                named(tokenizer, "<|end_of_text|>", "</s>", "<|endoftext|>").stream()
                        .boxed()
                        .toList(),
                named(tokenizer, "[PAD]", "<pad>"),
                named(tokenizer, "[UNK]", "<unk>"),
                named(tokenizer, "[SEP]"),
                named(tokenizer, "[CLS]"),
                named(tokenizer, "[MASK]"),
                none.addBos(),
                none.addEos(),
                none.chatTemplates());
    }

    private static OptionalInt named(Tokenizer tokenizer, String... names) {
        for (String name : names) {
            if (tokenizer.tokenToId(name) >= 0) {
                return OptionalInt.of(tokenizer.tokenToId(name));
            }
        }
        return OptionalInt.empty();
    }

    /// tokenizer_config.json.
    ///
    /// @param context the longest text that the model takes
    static void write(Path folder, Tokenizer tokenizer, SpecialTokens roles, int context) {
        if (tokenizer instanceof TokenizerPipeline pipeline) {
            TokenizerConfigFile.write(folder, pipeline.withRoles(roles), OptionalInt.of(context));
            return;
        }
        ObjectNode config = CheckpointJson.object();
        roles.byName().forEach((role, id) -> config.put(role, tokenizer.idToToken(id)));
        config.put("tokenizer_class", "PreTrainedTokenizerFast").put("model_max_length", context);
        CheckpointJson.write(folder.resolve("tokenizer_config.json"), config);
    }
}
