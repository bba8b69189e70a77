package gradus.tokenizer.format;

import gradus.tokenizer.PieceRules;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.Unigram;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Unigram of a tokenizer.json: `"vocab": [["<unk>", 0.0], ["▁the", -3.2], …]`, where an id is a place.
final class UnigramJson {
    private UnigramJson() {}

    static SentencePieceTokenizer read(JsonFields json, JsonFields model) {
        model.check(SentencePieceKeys.UNIGRAM);
        List<JsonFields> vocabulary = model.list("vocab");
        var tokens = new ArrayList<String>();
        var scores = new double[vocabulary.size()];
        for (JsonFields entry : vocabulary) {
            List<JsonFields> pair = entry.elements();
            if (pair.size() != 2) {
                throw entry.error("must be a piece and its score; got " + pair.size() + " values");
            }
            scores[tokens.size()] = SentencePieceSpecJson.number(pair.get(1));
            tokens.add(pair.get(0).text());
        }
        if (tokens.isEmpty()) {
            throw model.error("vocab", "is empty");
        }
        List<AddedToken> added = TokenizerJsonReader.addedTokens(json);
        TokenTable table = TokenTable.of(tokens).add(added, json);
        if (model.has("sentencepiece")) {
            return SentencePieceSpecJson.read(json, model, Kind.UNIGRAM, table, scores);
        }
        int unk = model.has("unk_id") ? model.id("unk_id") : -1;
        if (unk >= tokens.size()) {
            throw model.error("unk_id", "is " + unk + ", but there are " + tokens.size() + " pieces");
        }
        var rules = new PieceRules(
                SentencePieceJson.split(json),
                SentencePieceJson.decoder(json),
                model.boolOr("byte_fallback", false),
                true,
                unk);
        var frame = TokenizerJsonReader.frame(json, added, SentencePieceJson.normalizer(json), table);
        try {
            return new Unigram(new PieceVocabulary(tokens), scores, rules, null, frame);
        } catch (gradus.error.TokenizerException unsound) {
            throw model.error("vocab", unsound.getMessage());
        }
    }

    static ObjectNode write(Unigram unigram) {
        ObjectNode root = TokenizerJsonWriter.top(unigram);
        SentencePieceJsonWriter.writeParts(unigram, root);
        PieceVocabulary pieces = unigram.vocabulary();
        ObjectNode model = root.putObject("model").put("type", "Unigram");
        model.put(
                "unk_id",
                unigram.rules().unk() < 0 ? null : (Integer) unigram.rules().unk());
        ArrayNode vocabulary = model.putArray("vocab");
        for (int id = 0; id < pieces.size() && pieces.isPiece(id); id++) {
            vocabulary.addArray().add(pieces.token(id)).add(unigram.score(id));
        }
        model.put("byte_fallback", unigram.rules().byteFallback());
        SentencePieceJsonWriter.spec(unigram, false, model);
        return root;
    }
}
