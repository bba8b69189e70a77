package gradus.tokenizer.format.config;

import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import tools.jackson.databind.node.ArrayNode;

/// An added token as an object: its text and flags, in tokenizer.json and tokenizer_config.json alike.
public final class AddedTokenJson {
    private AddedTokenJson() {}

    /// The token with this id. Without a flag `normalized` it is looked for in the normalised text unless it is
    /// special.
    public static AddedToken read(JsonFields token, int id) {
        if (token.text("content").isEmpty()) {
            throw token.error("content", "is empty");
        }
        boolean special = token.boolOr("special", false);
        return new AddedToken(
                id,
                token.text("content"),
                token.boolOr("single_word", false),
                token.boolOr("lstrip", false),
                token.boolOr("rstrip", false),
                token.boolOr("normalized", !special),
                special);
    }

    /// Appends the token to a list of tokenizer.json.
    public static void write(AddedToken token, ArrayNode list) {
        list.addObject()
                .put("id", token.id())
                .put("content", token.content())
                .put("single_word", token.singleWord())
                .put("lstrip", token.lstrip())
                .put("rstrip", token.rstrip())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }
}
