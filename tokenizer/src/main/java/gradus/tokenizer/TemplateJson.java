package gradus.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Reads the `post_processor` of a tokenizer.json: nothing, ByteLevel (which changes offsets only),
/// TemplateProcessing, BertProcessing, or a Sequence of these with at most one template.
final class TemplateJson {
    private TemplateJson() {}

    static Template read(JsonFields json, List<String> tokens) {
        return json.has("post_processor") ? processor(json.object("post_processor"), tokens) : Template.NONE;
    }

    private static Template processor(JsonFields processor, List<String> tokens) {
        String type = processor.text("type");
        return switch (type) {
            case "ByteLevel" -> Template.NONE;
            case "TemplateProcessing" -> template(processor, tokens);
            case "BertProcessing" -> {
                int cls = tokenAndId(processor, "cls", tokens);
                int sep = tokenAndId(processor, "sep", tokens);
                yield bert(tokens.get(cls), cls, tokens.get(sep), sep);
            }
            case "Sequence" -> sequence(processor, tokens);
            default ->
                throw processor.error(
                        "type",
                        "'" + type + "' is not supported; expected ByteLevel, TemplateProcessing or BertProcessing");
        };
    }

    private static Template sequence(JsonFields processor, List<String> tokens) {
        Template found = Template.NONE;
        for (JsonFields step : processor.list("processors")) {
            if (step.textOr("type", "").equals("Sequence")) {
                throw step.error("is a Sequence within a Sequence, which is not supported");
            }
            Template next = processor(step, tokens);
            if (!next.equals(Template.NONE) && !found.equals(Template.NONE)) {
                throw step.error("is a second template; one is supported");
            }
            found = next.equals(Template.NONE) ? found : next;
        }
        return found;
    }

    private static Template bert(String clsToken, int cls, String sepToken, int sep) {
        Template.Special first = new Template.Special(clsToken, cls, 0);
        Template.Special middle = new Template.Special(sepToken, sep, 0);
        Template.Sequence a = new Template.Sequence(false, 0);
        return new Template(
                List.of(first, a, middle),
                List.of(first, a, middle, new Template.Sequence(true, 1), new Template.Special(sepToken, sep, 1)));
    }

    /// `["[SEP]", 102]`
    private static int tokenAndId(JsonFields processor, String field, List<String> tokens) {
        List<JsonFields> both = processor.list(field);
        if (both.size() != 2) {
            throw processor.error(field, "must be a token and its id; got " + both.size() + " values");
        }
        return checked(both.get(1), both.get(0).text(), tokens);
    }

    private static int checked(JsonFields value, String token, List<String> tokens) {
        int id = value.id();
        if (id >= tokens.size() || !tokens.get(id).equals(token)) {
            throw value.error("gives '" + token + "' the id " + id + ", which the vocabulary "
                    + (id < tokens.size() ? "gives to '" + tokens.get(id) + "'" : "does not have"));
        }
        return id;
    }

    private static Template template(JsonFields processor, List<String> tokens) {
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

    private static List<Template.Part> parts(JsonFields processor, String field, List<String> tokens) {
        var parts = new ArrayList<Template.Part>();
        for (JsonFields part : processor.list(field)) {
            if (part.has("SpecialToken")) {
                JsonFields special = part.object("SpecialToken");
                parts.addAll(specials(processor, special, tokens));
            } else if (part.has("Sequence")) {
                JsonFields sequence = part.object("Sequence");
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

    private static List<Template.Part> specials(JsonFields processor, JsonFields special, List<String> tokens) {
        String name = special.text("id");
        JsonFields known = processor.has("special_tokens") ? processor.object("special_tokens") : processor;
        if (known == processor || !known.has(name)) {
            throw special.error("id", "'" + name + "' is not among the special_tokens");
        }
        List<JsonFields> ids = known.object(name).list("ids");
        List<JsonFields> texts = known.object(name).list("tokens");
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
