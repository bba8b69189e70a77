package gradus.tokenizer;

import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Added tokens beside the pieces of a Unigram.
final class AddedPieces {
    private AddedPieces() {}

    /// Puts those that are no piece behind the pieces.
    static void place(List<AddedToken> added, List<String> tokens, JsonFields json) {
        int pieces = tokens.size();
        for (AddedToken token :
                added.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList()) {
            if (token.id() < pieces && !tokens.get(token.id()).equals(token.content())
                    || token.id() >= pieces && token.id() != tokens.size()) {
                throw json.error(
                        "added_tokens",
                        "gives '" + token.content() + "' the id " + token.id() + "; expected that of its piece, or "
                                + tokens.size());
            }
            if (token.id() >= pieces) {
                tokens.add(token.content());
            }
        }
    }

    /// User-defined symbols are added tokens for the Rust library.
    static void addUserDefined(SentencePieceSpec spec, ObjectNode root) {
        if (spec.dialect() != SentencePieceSpec.Dialect.SENTENCEPIECE) {
            return;
        }
        var added = (ArrayNode) root.get("added_tokens");
        for (int id : spec.model().ids(Type.USER_DEFINED)) {
            Entry entry = spec.model().entries().get(id);
            added.addObject()
                    .put("id", id)
                    .put("content", entry.text())
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", false);
        }
    }
}
