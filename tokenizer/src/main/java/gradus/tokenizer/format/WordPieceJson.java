package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The WordPiece of a tokenizer.json, with BERT's parts.
final class WordPieceJson {
    private WordPieceJson() {}

    static WordPiece read(JsonFields json, JsonFields model) {
        TokenizerJsonReader.onlyStep(json, "pre_tokenizer", "BertPreTokenizer", TokenizerJsonKeys.BERT_PRE_TOKENIZER);
        JsonFields decoder =
                TokenizerJsonReader.onlyStep(json, "decoder", "WordPiece", TokenizerJsonKeys.WORD_PIECE_DECODER);
        model.check(TokenizerJsonKeys.WORD_PIECE);
        String prefix = model.textOr("continuing_subword_prefix", "##");
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
        TokenTable tokens = TokenTable.read(model.object("vocab"), WordPieceVocabulary.MAX_PIECE)
                .add(added, json);
        if (tokens.modelId(rules.unkToken()) < 0) {
            throw model.error("unk_token", "'" + rules.unkToken() + "' is not in the vocabulary");
        }
        TokenizerPipeline.Frame frame = TokenizerJsonReader.frame(json, added, normalizer, tokens);
        return new WordPiece(new WordPieceVocabulary(tokens.model(), prefix), rules, frame);
    }

    private static Normalizer normalizer(JsonFields json) {
        List<JsonFields> steps = TokenizerJsonReader.steps(json, "normalizer");
        if (steps.isEmpty()) {
            return new NoNormalizer();
        }
        JsonFields bert =
                TokenizerJsonReader.onlyStep(json, "normalizer", "BertNormalizer", TokenizerJsonKeys.BERT_NORMALIZER);
        Boolean strip = bert.has("strip_accents") ? (Boolean) bert.boolOr("strip_accents", false) : null;
        return new BertNormalizer(
                bert.boolOr("clean_text", true),
                bert.boolOr("handle_chinese_chars", true),
                strip,
                bert.boolOr("lowercase", true));
    }

    static ObjectNode write(WordPiece wordPiece) {
        ObjectNode root = TokenizerJsonWriter.top(wordPiece);
        if (wordPiece.frame().normalizer() instanceof BertNormalizer bert) {
            root.putObject("normalizer")
                    .put("type", "BertNormalizer")
                    .put("clean_text", bert.cleanText())
                    .put("handle_chinese_chars", bert.handleChineseChars())
                    .put("strip_accents", bert.stripAccents())
                    .put("lowercase", bert.lowercase());
        } else if (wordPiece.frame().normalizer() instanceof NoNormalizer) {
            root.putNull("normalizer");
        } else {
            throw new TokenizerException("a tokenizer.json has no form for the normalizer "
                    + wordPiece.frame().normalizer().getClass().getName()
                    + " of a WordPiece; expected NoNormalizer or BertNormalizer");
        }
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        if (wordPiece.frame().template().equals(Template.NONE)) {
            root.putNull("post_processor");
        } else {
            TokenizerJsonWriter.template(
                    root.putObject("post_processor"), wordPiece.frame().template());
        }
        WordPieceRules rules = wordPiece.rules();
        root.putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", rules.continuingSubwordPrefix())
                .put("cleanup", rules.cleanup());
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", rules.unkToken())
                .put("continuing_subword_prefix", rules.continuingSubwordPrefix())
                .put("max_input_chars_per_word", rules.maxInputCharsPerWord());
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> tokens = wordPiece.vocabulary().tokens();
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) != null) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        return root;
    }
}
