package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonNumbers;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.normalize.Precompiled;
import gradus.tokenizer.sentencepiece.Charsmap;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads `model.sentencepiece` of a tokenizer.json that Gradus wrote for a vocabulary from SentencePiece's own
/// file. It decides instead of the file's `normalizer`, `pre_tokenizer` and `merges`, which tell the same in the
/// Rust library's terms.
final class SentencePieceSpecJson {
    private SentencePieceSpecJson() {}

    /// @param table  the model's pieces by id, and the added tokens
    /// @param scores the pieces', or null if they stand beside the types
    static SentencePieceTokenizer read(
            JsonFields json, JsonFields model, Kind kind, TokenTable table, double[] scores) {
        JsonFields node = model.object("sentencepiece").check(SentencePieceKeys.SPEC);
        List<String> pieces = table.model();
        if (pieces.contains(null)) {
            throw model.error("vocab", "has no token with the id " + pieces.indexOf(null));
        }
        List<JsonFields> types = node.list("types");
        List<JsonFields> ownScores = scores == null ? node.list("scores") : List.of();
        if (types.size() != pieces.size() || scores == null && ownScores.size() != pieces.size()) {
            throw node.error("types", "and scores must be as many as the " + pieces.size() + " pieces");
        }
        var entries = new ArrayList<Entry>();
        for (int id = 0; id < pieces.size(); id++) {
            double score = scores == null ? number(ownScores.get(id)) : scores[id];
            entries.add(new Entry(pieces.get(id), (float) score, type(types.get(id))));
        }
        var spec = new Spec(
                charsmap(json),
                node.boolOr("add_dummy_prefix", true),
                node.boolOr("remove_extra_whitespaces", true),
                node.boolOr("escape_whitespaces", true));
        try {
            var known = new SentencePieceModel(kind, entries, model.boolOr("byte_fallback", false), spec);
            var tokenizer = SentencePieces.build(new SentencePieceSpec(known, dialect(node)));
            Normalizer normalizer = tokenizer.frame().normalizer();
            return tokenizer.withFrame(TokenizerJsonReader.frame(json, added(json, node), normalizer, table));
        } catch (TokenizerException unsound) {
            throw node.error(unsound.getMessage());
        }
    }

    /// Without those that stand there for the Rust library alone.
    private static List<AddedToken> added(JsonFields json, JsonFields node) {
        Set<Integer> forRust = new HashSet<>();
        node.list("in_text").forEach(id -> forRust.add(id.id()));
        return TokenizerJsonReader.addedTokens(json).stream()
                .filter(token -> !forRust.contains(token.id()))
                .toList();
    }

    private static Type type(JsonFields value) {
        try {
            return Type.of(value.id());
        } catch (TokenizerException unknown) {
            throw value.error(unknown.getMessage());
        }
    }

    static double number(JsonFields value) {
        if (!value.node().isNumber()) {
            throw value.error("must be a number; got " + value.node().getNodeType());
        }
        double number = JsonNumbers.toDouble(value.node());
        if (!Double.isFinite(number)) {
            throw value.error("must be a finite number");
        }
        return number;
    }

    private static SentencePieceSpec.Dialect dialect(JsonFields node) {
        return switch (node.text("dialect")) {
            case "sentencepiece" -> SentencePieceSpec.Dialect.SENTENCEPIECE;
            case "llama_cpp" -> SentencePieceSpec.Dialect.LLAMA_CPP;
            default -> throw node.error("dialect", "is unknown; expected sentencepiece or llama_cpp");
        };
    }

    /// The charsmap stands in the Precompiled step of the normalizer.
    private static Charsmap charsmap(JsonFields json) {
        return SentencePieceJson.normalizer(json) instanceof NormalizerStep.Sequence(List<Normalizer> steps)
                        && !steps.isEmpty()
                        && steps.getFirst() instanceof Precompiled precompiled
                ? precompiled.charsmap()
                : null;
    }
}
