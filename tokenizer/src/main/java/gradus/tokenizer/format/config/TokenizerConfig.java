package gradus.tokenizer.format.config;

import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the files beside a vocabulary say of it: tokenizer_config.json and, in older folders,
/// special_tokens_map.json and added_tokens.json. As transformers reads them: where tokenizer_config.json has
/// `added_tokens_decoder`, the two older files are not looked at; otherwise special_tokens_map.json goes before
/// it.
///
/// A token here has its text and flags; its id is settled by [FolderTokens].
public final class TokenizerConfig {
    private final JsonFields json; // of tokenizer_config.json; empty where there is none
    private final Map<Integer, AddedToken> added = new TreeMap<>(); // by the ids that the files give
    private final Map<String, AddedToken> roles = new LinkedHashMap<>(); // by name
    private final Set<String> settled = new LinkedHashSet<>(); // roles that are told, even if to be none
    private List<AddedToken> extra;
    private final Map<String, String> chatTemplates;

    private TokenizerConfig(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        json = Files.isRegularFile(file) ? JsonFile.read(file) : new JsonFields(JsonFile.object(), file.toString(), "");
        json.check(TokenizerConfigKeys.CONFIG, TokenizerConfigKeys::isRole);
        readRoles(json, false);
        extra = extraTokens(json).orElse(List.of());
        if (json.has("added_tokens_decoder")) {
            json.object("added_tokens_decoder")
                    .fields()
                    .forEach((id, token) ->
                            added.put(token.parseId(id), AddedTokenJson.read(checked(token), token.parseId(id))));
        } else {
            readOlderFiles(folder);
        }
        Map<String, AddedToken> known = new LinkedHashMap<>();
        added.values().forEach(token -> known.put(token.content(), token));
        roles.replaceAll((role, token) -> known.getOrDefault(token.content(), token));
        chatTemplates = ChatTemplates.read(folder, json);
    }

    /// Reads what there is; a folder without these files says nothing.
    public static TokenizerConfig read(Path folder) {
        return new TokenizerConfig(folder);
    }

    private static JsonFields checked(JsonFields token) {
        return token.check(TokenizerConfigKeys.ADDED_TOKEN);
    }

    /// The roles that an object gives: those that all models know, then the model's own.
    private void readRoles(JsonFields file, boolean special) {
        for (String role : TokenizerConfigKeys.ROLES) {
            readRole(role, file, special);
        }
        file.fields().keySet().stream()
                .filter(key -> TokenizerConfigKeys.isRole(key) && !settled.contains(key))
                .forEach(key -> readRole(key, file, special));
        for (String own : List.of("extra_special_tokens", "model_specific_special_tokens")) {
            if (file.has(own) && file.node().get(own).isObject()) {
                JsonFields named = file.object(own);
                named.fields().keySet().forEach(key -> readRole(key, named, special));
            }
        }
    }

    private void readRole(String role, JsonFields file, boolean special) {
        if (file.has(role)) {
            roles.put(role, token(file.fields().get(role), special));
        } else if (file.node().has(role)) {
            roles.remove(role); // null: there is none
        }
        if (file.node().has(role)) {
            settled.add(role);
        }
    }

    /// A token as its text alone, which makes it special, or with its flags.
    private static AddedToken token(JsonFields value, boolean special) {
        if (!value.node().isObject()) {
            if (value.text().isEmpty()) {
                throw value.error("is a token without a text");
            }
            return AddedToken.special(0, value.text());
        }
        AddedToken token = AddedTokenJson.read(checked(value), 0);
        boolean normalized = value.has("normalized") ? token.normalized() : !special && token.normalized();
        return new AddedToken(0, token.content(), token.singleWord(), token.lstrip(), token.rstrip(), normalized, true);
    }

    /// The further special tokens of a file, or empty where it does not speak of them. `extra_special_tokens` goes
    /// before its older name, and even an empty list of it says that there are none.
    private static Optional<List<AddedToken>> extraTokens(JsonFields file) {
        Optional<List<AddedToken>> extra = list(file, "extra_special_tokens");
        Optional<List<AddedToken>> older = list(file, "additional_special_tokens");
        return extra.filter(list -> !list.isEmpty()).or(() -> older).or(() -> extra);
    }

    /// A list of tokens; an object under the same name gives roles (see [#readRoles]).
    private static Optional<List<AddedToken>> list(JsonFields file, String key) {
        if (!file.node().has(key) || file.node().get(key).isObject()) {
            return Optional.empty();
        }
        var tokens = new ArrayList<AddedToken>();
        if (file.has(key)) {
            file.list(key).forEach(token -> tokens.add(token(token, true)));
        }
        return Optional.of(tokens);
    }

    /// What special_tokens_map.json adds to the further tokens of tokenizer_config.json: those under the newer name
    /// join them, those under the older one count only where nothing else tells of any.
    private static List<AddedToken> merged(JsonFields config, JsonFields map) {
        List<AddedToken> extra = new ArrayList<>(extraTokens(config).orElse(List.of()));
        Optional<List<AddedToken>> newer = list(map, "extra_special_tokens");
        Set<String> known = texts(extra);
        newer.ifPresent(more ->
                more.stream().filter(token -> !known.contains(token.content())).forEach(extra::add));
        boolean told = newer.isPresent() || extraTokens(config).isPresent();
        return told ? extra : list(map, "additional_special_tokens").orElse(List.of());
    }

    private void readOlderFiles(Path folder) {
        List<AddedToken> counted = extra;
        Path map = folder.resolve("special_tokens_map.json");
        if (Files.isRegularFile(map)) {
            JsonFields file = JsonFile.read(map);
            file.check(TokenizerConfigKeys.SPECIAL_TOKENS_MAP, TokenizerConfigKeys::isRole);
            readRoles(file, true);
            extra = merged(json, file);
        }
        Path list = folder.resolve("added_tokens.json");
        if (Files.isRegularFile(list)) {
            Set<String> raw = texts(counted); // what transformers counts as special here, and so looks for as it stands
            for (String role : TokenizerConfigKeys.ROLES) {
                Optional.ofNullable(roles.get(role)).ifPresent(token -> raw.add(token.content()));
            }
            Set<String> special = texts(extra);
            special.addAll(raw);
            JsonFile.read(list).fields().forEach((text, id) -> {
                if (text.isEmpty()) {
                    throw id.error("is a token without a text");
                }
                boolean isSpecial = special.contains(text);
                AddedToken token = new AddedToken(id.id(), text, false, false, false, !raw.contains(text), isSpecial);
                AddedToken other = added.put(id.id(), token);
                if (other != null) {
                    throw id.error("has the id of '" + other.content() + "'");
                }
            });
        }
    }

    private static Set<String> texts(List<AddedToken> tokens) {
        var texts = new LinkedHashSet<String>();
        tokens.forEach(token -> texts.add(token.content()));
        return texts;
    }

    /// tokenizer_config.json itself.
    public JsonFields json() {
        return json;
    }

    /// The tokens of added_tokens_decoder or added_tokens.json by id, ascending.
    Map<Integer, AddedToken> added() {
        return added;
    }

    /// The tokens with a role, by its name.
    Map<String, AddedToken> roles() {
        return roles;
    }

    /// Whether the files say of a role which token has it, or that none has.
    boolean settles(String role) {
        return settled.contains(role);
    }

    /// Further special tokens.
    List<AddedToken> extra() {
        return extra;
    }

    Map<String, String> chatTemplates() {
        return chatTemplates;
    }

    /// A flag that may be left out or null.
    public Optional<Boolean> flag(String key) {
        return json.has(key) ? Optional.of(json.boolOr(key, false)) : Optional.empty();
    }
}
