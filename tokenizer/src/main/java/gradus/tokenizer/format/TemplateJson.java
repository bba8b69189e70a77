package gradus.tokenizer.format;

import gradus.tokenizer.Template;
import gradus.tokenizer.json.JsonFields;
import java.util.ArrayList;
import java.util.List;

/// Reads the `post_processor` of a tokenizer.json: nothing, ByteLevel (which changes offsets only),
/// TemplateProcessing, BertProcessing, RobertaProcessing, or a Sequence of these with at most one template.
final class TemplateJson {
    private TemplateJson() {}

    static Template read(List<JsonFields> steps, TokenTable tokens) {
        Template found = Template.NONE;
        for (JsonFields step : steps) {
            Template next = processor(step, tokens);
            if (!next.equals(Template.NONE) && !found.equals(Template.NONE)) {
                throw step.error("is a second template; one is supported");
            }
            found = next.equals(Template.NONE) ? found : next;
        }
        return found;
    }

    private static Template processor(JsonFields processor, TokenTable tokens) {
        String type = processor.text("type");
        return switch (type) {
            case "ByteLevel" -> {
                processor.check(TokenizerJsonKeys.BYTE_LEVEL_PROCESSOR);
                yield Template.NONE;
            }
            case "TemplateProcessing" -> template(processor.check(TokenizerJsonKeys.TEMPLATE), tokens);
            case "BertProcessing" -> {
                processor.check(TokenizerJsonKeys.BERT_PROCESSING);
                yield Template.bert(tokenAndId(processor, "cls", tokens), tokenAndId(processor, "sep", tokens));
            }
            case "RobertaProcessing" -> {
                processor.check(TokenizerJsonKeys.ROBERTA_PROCESSING);
                yield Template.roberta(tokenAndId(processor, "cls", tokens), tokenAndId(processor, "sep", tokens));
            }
            default ->
                throw processor.error(
                        "type",
                        "'" + type + "' is not supported; expected ByteLevel, TemplateProcessing, BertProcessing or"
                                + " RobertaProcessing");
        };
    }

    /// `["[SEP]", 102]`
    private static Template.Special tokenAndId(JsonFields processor, String field, TokenTable tokens) {
        List<JsonFields> both = processor.list(field);
        if (both.size() != 2) {
            throw processor.error(field, "must be a token and its id; got " + both.size() + " values");
        }
        String token = both.get(0).text();
        return new Template.Special(token, checked(both.get(1), token, tokens), 0);
    }

    private static int checked(JsonFields value, String token, TokenTable tokens) {
        int id = value.id();
        String known = tokens.token(id);
        if (!token.equals(known)) {
            throw value.error("gives '" + token + "' the id " + id + ", which the vocabulary "
                    + (known != null ? "gives to '" + known + "'" : "does not have"));
        }
        return id;
    }

    private static Template template(JsonFields processor, TokenTable tokens) {
        List<Template.Part> single = parts(processor, "single", tokens);
        List<Template.Part> pair = processor.has("pair") ? parts(processor, "pair", tokens) : List.of();
        if (count(single, false) != 1 || count(single, true) != 0) {
            throw processor.error("single", "must hold sequence A once, and no B");
        }
        if (!pair.isEmpty() && (count(pair, false) != 1 || count(pair, true) != 1)) {
            throw processor.error("pair", "must hold the sequences A and B once each");
        }
        return new Template(single, pair);
    }

    private static long count(List<Template.Part> parts, boolean second) {
        return parts.stream()
                .filter(p -> p instanceof Template.Sequence sequence && sequence.second() == second)
                .count();
    }

    private static List<Template.Part> parts(JsonFields processor, String field, TokenTable tokens) {
        var parts = new ArrayList<Template.Part>();
        for (JsonFields part : processor.list(field)) {
            part.check(TokenizerJsonKeys.TEMPLATE_PART);
            if (part.node().size() != 1) {
                throw part.error("must be either a SpecialToken or a Sequence");
            }
            if (part.has("SpecialToken")) {
                JsonFields special = part.object("SpecialToken").check(TokenizerJsonKeys.TEMPLATE_TOKEN);
                parts.addAll(specials(processor, special, tokens));
            } else if (part.has("Sequence")) {
                JsonFields sequence = part.object("Sequence").check(TokenizerJsonKeys.TEMPLATE_TOKEN);
                String id = sequence.text("id");
                if (!id.equals("A") && !id.equals("B")) {
                    throw sequence.error("id", "must be A or B; got '" + id + "'");
                }
                parts.add(new Template.Sequence(id.equals("B"), sequence.idOr("type_id", 0)));
            } else {
                throw part.error("must be a SpecialToken or a Sequence");
            }
        }
        return parts;
    }

    private static List<Template.Part> specials(JsonFields processor, JsonFields special, TokenTable tokens) {
        String name = special.text("id");
        JsonFields known = processor.has("special_tokens") ? processor.object("special_tokens") : processor;
        if (known == processor || !known.has(name)) {
            throw special.error("id", "'" + name + "' is not among the special_tokens");
        }
        JsonFields entry = known.object(name).check(TokenizerJsonKeys.TEMPLATE_SPECIAL);
        List<JsonFields> ids = entry.list("ids");
        List<JsonFields> texts = entry.list("tokens");
        if (ids.size() != texts.size()) {
            throw known.error("'" + name + "'", "has " + ids.size() + " ids for " + texts.size() + " tokens");
        }
        var parts = new ArrayList<Template.Part>();
        for (int i = 0; i < ids.size(); i++) {
            String text = texts.get(i).text();
            parts.add(new Template.Special(text, checked(ids.get(i), text, tokens), special.idOr("type_id", 0)));
        }
        return parts;
    }
}
