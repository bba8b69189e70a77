package gradus.tokenizer.format;

import gradus.tokenizer.Padding;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Truncation;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.format.config.AddedTokenJson;
import gradus.tokenizer.json.JsonFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes Hugging Face's tokenizer.json, so that their library reads the same ids out of it.
/// Source: huggingface/tokenizers, `tokenizer/serialization.rs` and the parts' own.
final class TokenizerJsonWriter {
    private TokenizerJsonWriter() {}

    static ObjectNode top(TokenizerPipeline tokenizer) {
        ObjectNode root = JsonFile.object().put("version", "1.0");
        tokenizer.truncation().ifPresentOrElse(t -> truncation(root, t), () -> root.putNull("truncation"));
        tokenizer.padding().ifPresentOrElse(p -> padding(root, p), () -> root.putNull("padding"));
        ArrayNode added = root.putArray("added_tokens");
        for (AddedToken token : tokenizer.frame().added().all()) {
            AddedTokenJson.write(token, added);
        }
        return root;
    }

    private static void truncation(ObjectNode root, Truncation truncation) {
        root.putObject("truncation")
                .put("direction", truncation.fromLeft() ? "Left" : "Right")
                .put("max_length", truncation.maxLength())
                .put("strategy", "LongestFirst")
                .put("stride", truncation.stride());
    }

    private static void padding(ObjectNode root, Padding padding) {
        ObjectNode node = root.putObject("padding");
        if (padding.fixedLength() > 0) {
            node.putObject("strategy").put("Fixed", padding.fixedLength());
        } else {
            node.put("strategy", "BatchLongest");
        }
        node.put("direction", padding.onLeft() ? "Left" : "Right");
        node.put("pad_to_multiple_of", padding.toMultipleOf() == 0 ? null : (Integer) padding.toMultipleOf());
        node.put("pad_id", padding.id()).put("pad_type_id", padding.typeId()).put("pad_token", padding.token());
    }

    static void byteLevel(ObjectNode node, boolean addPrefixSpace, boolean useRegex) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", addPrefixSpace)
                .put("trim_offsets", false)
                .put("use_regex", useRegex);
    }

    static void template(ObjectNode node, Template template) {
        node.put("type", "TemplateProcessing");
        parts(node.putArray("single"), template.single());
        parts(node.putArray("pair"), template.pair());
        ObjectNode specials = node.putObject("special_tokens");
        Set<String> seen = new HashSet<>();
        for (List<Template.Part> parts : List.of(template.single(), template.pair())) {
            for (Template.Part part : parts) {
                if (part instanceof Template.Special special && seen.add(special.token())) {
                    ObjectNode entry = specials.putObject(special.token()).put("id", special.token());
                    entry.putArray("ids").add(special.id());
                    entry.putArray("tokens").add(special.token());
                }
            }
        }
    }

    private static void parts(ArrayNode node, List<Template.Part> parts) {
        for (Template.Part part : parts) {
            switch (part) {
                case Template.Special special ->
                    node.addObject()
                            .putObject("SpecialToken")
                            .put("id", special.token())
                            .put("type_id", special.typeId());
                case Template.Sequence sequence ->
                    node.addObject()
                            .putObject("Sequence")
                            .put("id", sequence.second() ? "B" : "A")
                            .put("type_id", sequence.typeId());
            }
        }
    }
}
