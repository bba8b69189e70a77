package gradus.tokenizer.format;

import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tokens of a vocabulary file: those of the model by id, with holes where an id has none, and those that
/// were added beside them, which the model itself knows nothing of.
final class TokenTable {
    private static final int MOST_HOLES = 1 << 20; // so that one id near 2³¹ does not take gigabytes

    private final List<String> model; // by id, null for a hole
    private final Map<String, Integer> modelIds;
    private final Map<Integer, String> addedById = new HashMap<>();

    private TokenTable(List<String> model, Map<String, Integer> modelIds) {
        this.model = model;
        this.modelIds = modelIds;
    }

    /// Reads a JSON object from token to id.
    ///
    /// @param maxLength of a piece, in chars
    static TokenTable read(JsonFields vocabulary, int maxLength) {
        Map<String, JsonFields> fields = vocabulary.fields();
        var tokens = new ArrayList<String>(fields.size());
        Map<String, Integer> ids = HashMap.newHashMap(fields.size());
        fields.forEach((token, value) -> {
            if (token.length() > maxLength) {
                throw vocabulary.error("holds a piece of " + token.length() + " chars; the limit is " + maxLength);
            }
            if (token.isEmpty()) {
                throw vocabulary.error("holds a token without a text");
            }
            int id = value.id();
            if (id >= fields.size() + MOST_HOLES) {
                throw vocabulary.error("gives '" + token + "' the id " + id + " among " + fields.size()
                        + " tokens; at most " + MOST_HOLES + " ids may be without a token");
            }
            while (tokens.size() <= id) {
                tokens.add(null);
            }
            if (tokens.get(id) != null) {
                throw vocabulary.error("gives the id " + id + " to '" + tokens.get(id) + "' and to '" + token + "'");
            }
            tokens.set(id, token);
            ids.put(token, id);
        });
        return new TokenTable(Collections.unmodifiableList(tokens), ids);
    }

    /// Tokens by id, null for a hole; each is there once.
    static TokenTable of(List<String> tokens) {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) != null) {
                ids.put(tokens.get(id), id);
            }
        }
        return new TokenTable(tokens, ids);
    }

    /// Puts added tokens beside the model's. Where the model has the same token, the ids must be one.
    ///
    /// @param file of the added tokens, for faults
    TokenTable add(Collection<AddedToken> added, JsonFields file) {
        for (AddedToken token : added) {
            int known = modelId(token.content());
            if (known >= 0 && known != token.id()) {
                throw file.error("gives the added token '" + token.content() + "' the id " + token.id()
                        + ", the vocabulary the id " + known);
            }
            String other = token(token.id());
            if (other != null && !other.equals(token.content())) {
                throw file.error("gives the id " + token.id() + " to the added token '" + token.content()
                        + "', which is the id of '" + other + "'");
            }
            if (token.id() >= model.size() + added.size() + MOST_HOLES) {
                throw file.error("gives the added token '" + token.content() + "' the id " + token.id() + " beside "
                        + model.size() + " tokens; at most " + MOST_HOLES + " ids may be without a token");
            }
            addedById.put(token.id(), token.content());
        }
        return this;
    }

    /// The model's own tokens by id, null for a hole.
    List<String> model() {
        return model;
    }

    /// All tokens by id, those that were added too. Throws where an id has none.
    List<String> all(JsonFields file) {
        int end = Math.max(
                model.size(),
                addedById.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1);
        var all = new ArrayList<String>(end);
        for (int id = 0; id < end; id++) {
            if (token(id) == null) {
                throw file.error("vocab", "has no token with the id " + id + ", which is not supported in this model");
            }
            all.add(token(id));
        }
        return all;
    }

    /// The id of a token of the model, or -1.
    int modelId(String token) {
        return modelIds.getOrDefault(token, -1);
    }

    /// The token with this id, added or not, or null.
    String token(int id) {
        String added = addedById.get(id);
        return added != null ? added : id < model.size() ? model.get(id) : null;
    }
}
