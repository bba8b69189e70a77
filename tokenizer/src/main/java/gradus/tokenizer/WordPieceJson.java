package gradus.tokenizer;

import java.util.List;

/// The WordPiece of a tokenizer.json, with BERT's parts.
final class WordPieceJson {
    private WordPieceJson() {}

    static WordPiece read(JsonFields json, JsonFields model) {
        if (!TokenizerJsonReader.type(json, "pre_tokenizer").equals("BertPreTokenizer")) {
            throw TokenizerJsonReader.unsupported(json, "pre_tokenizer", "BertPreTokenizer");
        }
        if (!TokenizerJsonReader.type(json, "decoder").equals("WordPiece")) {
            throw TokenizerJsonReader.unsupported(json, "decoder", "WordPiece");
        }
        String prefix = model.textOr("continuing_subword_prefix", "##");
        JsonFields decoder = json.object("decoder");
        if (!decoder.textOr("prefix", "##").equals(prefix)) {
            throw decoder.error("prefix", "differs from the model's '" + prefix + "'");
        }
        int maxChars = model.idOr("max_input_chars_per_word", 100);
        if (maxChars == 0) {
            throw model.error("max_input_chars_per_word", "must be positive; got 0");
        }
        var rules = new WordPieceRules(
                model.textOr("unk_token", "[UNK]"), prefix, maxChars, decoder.boolOr("cleanup", true));
        Normalizer normalizer = normalizer(json);
        List<AddedToken> added = TokenizerJsonReader.addedTokens(json);
        List<String> tokens = TokenizerJsonReader.tokens(model, added, WordPieceVocabulary.MAX_PIECE);
        if (!tokens.contains(rules.unkToken())) {
            throw model.error("unk_token", "'" + rules.unkToken() + "' is not in the vocabulary");
        }
        TokenizerPipeline.Frame frame = TokenizerJsonReader.frame(json, added, normalizer, tokens);
        return new WordPiece(new WordPieceVocabulary(tokens, prefix), rules, frame);
    }

    private static Normalizer normalizer(JsonFields json) {
        switch (TokenizerJsonReader.type(json, "normalizer")) {
            case "" -> {
                return new NoNormalizer();
            }
            case "BertNormalizer" -> {
                JsonFields bert = json.object("normalizer");
                Boolean strip = bert.has("strip_accents") ? (Boolean) bert.boolOr("strip_accents", false) : null;
                return new BertNormalizer(
                        bert.boolOr("clean_text", true),
                        bert.boolOr("handle_chinese_chars", true),
                        strip,
                        bert.boolOr("lowercase", true));
            }
            default -> throw TokenizerJsonReader.unsupported(json, "normalizer", "null or BertNormalizer");
        }
    }
}
