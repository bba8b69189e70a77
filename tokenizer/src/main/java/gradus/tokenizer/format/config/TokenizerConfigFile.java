package gradus.tokenizer.format.config;

import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.json.JsonFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes tokenizer_config.json: the roles of tokens and the chat templates, as the tokenizer's source has them.
public final class TokenizerConfigFile {
    private TokenizerConfigFile() {}

    /// Writes the file beside a tokenizer.json. Of several tokens that end a text it can name one, the first;
    /// generation_config.json takes them all.
    ///
    /// @param modelMaxLength the longest text that the model takes, where it is known
    /// @throws gradus.error.TokenizerException if the file cannot be written
    public static void write(Path folder, Tokenizer tokenizer, OptionalInt modelMaxLength) {
        SpecialTokens roles = tokenizer.roles();
        ObjectNode root = JsonFile.object();
        roles.byName().forEach((role, id) -> root.put(role, tokenizer.idToToken(id)));
        roles.addBos().ifPresent(add -> root.put("add_bos_token", add));
        roles.addEos().ifPresent(add -> root.put("add_eos_token", add));
        templates(root, roles.chatTemplates());
        modelMaxLength.ifPresent(length -> root.put("model_max_length", length));
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        JsonFile.write(folder, "tokenizer_config.json", root);
    }

    private static void templates(ObjectNode root, Map<String, String> templates) {
        String usual = templates.get(SpecialTokens.DEFAULT_TEMPLATE);
        if (templates.size() == 1 && usual != null) {
            root.put("chat_template", usual);
        } else if (!templates.isEmpty()) {
            ArrayNode named = root.putArray("chat_template");
            templates.forEach(
                    (name, template) -> named.addObject().put("name", name).put("template", template));
        }
    }
}
