package gradus.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The byte-level BPE of a tokenizer.json: GPT-2's, Llama 3's and Qwen2's forms.
final class BpeJson {
    private BpeJson() {}

    static ByteLevelBpe read(JsonFields json, JsonFields model) {
        refuse(model, "dropout", model.has("dropout") && !isZero(model), "merges left out at random");
        refuse(
                model,
                "continuing_subword_prefix",
                !model.textOr("continuing_subword_prefix", "").isEmpty(),
                "");
        refuse(
                model,
                "end_of_word_suffix",
                !model.textOr("end_of_word_suffix", "").isEmpty(),
                "");
        refuse(model, "byte_fallback", model.boolOr("byte_fallback", false), "<0xNN> pieces");
        if (!TokenizerJsonReader.type(json, "decoder").equals("ByteLevel")) {
            throw TokenizerJsonReader.unsupported(json, "decoder", "ByteLevel");
        }
        Normalizer normalizer = normalizer(json);
        List<AddedToken> added = TokenizerJsonReader.addedTokens(json);
        List<String> tokens = TokenizerJsonReader.tokens(model, added, BpeVocabulary.MAX_PIECE);
        String unk = model.has("unk_token") ? model.text("unk_token") : null;
        if (unk != null && !tokens.contains(unk)) {
            throw model.error("unk_token", "'" + unk + "' is not in the vocabulary");
        }
        boolean[] prefixSpace = new boolean[1];
        PreTokenizer preTokenizer = preTokenizer(json, prefixSpace);
        var rules = new BpeRules(
                preTokenizer,
                prefixSpace[0],
                model.boolOr("ignore_merges", false),
                unk,
                model.boolOr("fuse_unk", false));
        TokenizerPipeline.Frame frame = TokenizerJsonReader.frame(json, added, normalizer, tokens);
        return new ByteLevelBpe(BpeVocabulary.ofSpellings(tokens, added, merges(model, tokens)), rules, frame);
    }

    private static boolean isZero(JsonFields model) {
        return model.node().get("dropout").isNumber()
                && model.node().get("dropout").doubleValue() == 0;
    }

    private static void refuse(JsonFields model, String field, boolean used, String what) {
        if (used) {
            throw model.error(field, "is not supported" + (what.isEmpty() ? "" : " (" + what + ")"));
        }
    }

    private static Normalizer normalizer(JsonFields json) {
        return switch (TokenizerJsonReader.type(json, "normalizer")) {
            case "" -> new NoNormalizer();
            case "NFC" -> new NfcNormalizer();
            default -> throw TokenizerJsonReader.unsupported(json, "normalizer", "null or NFC");
        };
    }

    private static PreTokenizer preTokenizer(JsonFields json, boolean[] prefixSpace) {
        switch (TokenizerJsonReader.type(json, "pre_tokenizer")) {
            case "ByteLevel" -> {
                JsonFields byteLevel = json.object("pre_tokenizer");
                if (!byteLevel.boolOr("use_regex", true)) {
                    throw byteLevel.error("use_regex", "false needs a Split before it");
                }
                prefixSpace[0] = byteLevel.boolOr("add_prefix_space", true);
                return new Gpt2PreTokenizer();
            }
            case "Sequence" -> {
                List<JsonFields> steps = json.object("pre_tokenizer").list("pretokenizers");
                if (steps.size() != 2
                        || !steps.get(0).textOr("type", "").equals("Split")
                        || !steps.get(1).textOr("type", "").equals("ByteLevel")
                        || steps.get(1).boolOr("use_regex", true)
                        || steps.get(1).boolOr("add_prefix_space", true)) {
                    throw json.error(
                            "pre_tokenizer",
                            "is a Sequence that is not supported; expected Split, then ByteLevel"
                                    + " with use_regex and add_prefix_space false");
                }
                return split(steps.get(0));
            }
            default ->
                throw TokenizerJsonReader.unsupported(json, "pre_tokenizer", "ByteLevel, or Split and ByteLevel");
        }
    }

    /// A Split that leaves each match of the pattern as a piece. The pattern must be one of the known ones.
    private static PreTokenizer split(JsonFields split) {
        boolean invert = split.boolOr("invert", false);
        String behavior = split.text("behavior");
        if (!behavior.equals("Isolated") && !(behavior.equals("Removed") && invert)) {
            throw split.error("behavior", "'" + behavior + "' is not supported; expected Isolated");
        }
        String pattern = split.object("pattern").text("Regex");
        return PreTokenizers.ofPattern(pattern)
                .orElseThrow(() -> split.error(
                        "pattern",
                        "is none of the known ones ("
                                + String.join(", ", PreTokenizers.names()) + "), and no regex from a file is run: "
                                + pattern.substring(0, Math.min(60, pattern.length()))));
    }

    /// Both spellings: `["a", "b"]` and, in older files, `"a b"`. A pair that is there twice has its last rank.
    static List<BpeVocabulary.Merge> merges(JsonFields model, List<String> tokens) {
        Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        List<JsonFields> list = model.list("merges");
        var lastRank = new LongTable(list.size());
        var merges = new ArrayList<BpeVocabulary.Merge>(list.size());
        for (JsonFields merge : list) {
            String[] parts = merge.node().isString() ? merge.text().split(" ", -1) : pair(merge);
            if (parts.length != 2) {
                throw merge.error("must be two tokens; got '" + String.join(" ", parts) + "'");
            }
            int left = id(ids, parts[0], merge);
            int right = id(ids, parts[1], merge);
            int merged = id(ids, parts[0] + parts[1], merge);
            lastRank.put(LongTable.pair(left, right), merges.size());
            merges.add(new BpeVocabulary.Merge(left, right, merges.size(), merged));
        }
        merges.removeIf(m -> lastRank.get(LongTable.pair(m.left(), m.right())) != m.rank());
        return merges;
    }

    private static String[] pair(JsonFields merge) {
        return merge.elements().stream().map(JsonFields::text).toArray(String[]::new);
    }

    private static int id(Map<String, Integer> ids, String token, JsonFields merge) {
        Integer id = ids.get(token);
        if (id == null) {
            throw merge.error("needs '" + token + "', which is not in the vocabulary");
        }
        return id;
    }
}
