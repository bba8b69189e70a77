package gradus.tokenizer.format.config;

import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Template;
import gradus.tokenizer.added.AddedToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/// The added tokens of a folder with their ids, and which of them have a role.
///
/// A token that a file gives an id keeps it: the rows of a model's embedding go by it. (huggingface/tokenizers
/// numbers added tokens anew where a file leaves a gap before them.) A token with a role that no file gives an
/// id has that of the vocabulary or, where it is not there, the next free one, as in transformers.
///
/// @param added the tokens, first those of tokenizer.json in its order
/// @param roles what the files say of tokens with a role, and the chat templates
public record FolderTokens(List<AddedToken> added, SpecialTokens roles) {

    /// @param modelSize one above the highest id of the model's own vocabulary
    /// @param modelId   the id of a token of that vocabulary, or -1
    /// @param base      the added tokens that are known already, as from tokenizer.json
    /// @param defaults  the roles that hold where the files do not settle them, by name
    public static FolderTokens of(
            int modelSize,
            ToIntFunction<String> modelId,
            Iterable<AddedToken> base,
            TokenizerConfig config,
            Map<String, AddedToken> defaults) {
        Map<String, AddedToken> roles = inOrder(config, defaults);
        Set<String> named = new LinkedHashSet<>();
        roles.values().forEach(token -> named.add(token.content()));

        Map<String, AddedToken> added = new LinkedHashMap<>();
        base.forEach(token -> added.put(token.content(), token));
        config.added().values().forEach(token -> {
            AddedToken known = added.get(token.content());
            int id = known != null ? known.id() : modelId.applyAsInt(token.content());
            if (id >= 0 && id != token.id()) {
                throw config.json()
                        .error("gives the added token '" + token.content() + "' the id " + token.id()
                                + ", the vocabulary the id " + id);
            }
            boolean special = token.special() || named.contains(token.content());
            if (known == null || !known.equals(token)) {
                added.put(token.content(), token.withSpecial(special));
            }
        });
        List<AddedToken> further = new ArrayList<>(roles.values());
        further.addAll(config.extra());
        Set<String> told = Set.copyOf(added.keySet());
        for (AddedToken token : further) {
            if (!told.contains(token.content())) { // of several roles of one token the last one's flags hold
                AddedToken before = added.get(token.content());
                int id = before != null ? before.id() : modelId.applyAsInt(token.content());
                added.put(token.content(), token.withId(id >= 0 ? id : next(modelSize, added.values())));
            }
        }
        SpecialTokens special = SpecialTokens.NONE.withChatTemplates(config.chatTemplates());
        for (Map.Entry<String, AddedToken> role : roles.entrySet()) {
            special = special.with(
                    role.getKey(), added.get(role.getValue().content()).id());
        }
        special = config.flag("add_bos_token").map(special::withAddBos).orElse(special);
        special = config.flag("add_eos_token").map(special::withAddEos).orElse(special);
        return new FolderTokens(List.copyOf(added.values()), special);
    }

    /// The same where tokens with a role and further special tokens are found as they stand, whatever flags the
    /// files give them: Qwen2's class adds all of them anew, without flags.
    public FolderTokens withPlainSpecials(TokenizerConfig config) {
        Set<String> further = new LinkedHashSet<>();
        config.extra().forEach(token -> further.add(token.content()));
        List<AddedToken> plain = added.stream()
                .map(token -> roles.byName().containsValue(token.id()) || further.contains(token.content())
                        ? AddedToken.special(token.id(), token.content())
                        : token)
                .toList();
        return new FolderTokens(plain, roles);
    }

    /// The common roles first, then the model's own: new tokens get their ids in this order.
    private static Map<String, AddedToken> inOrder(TokenizerConfig config, Map<String, AddedToken> defaults) {
        Map<String, AddedToken> roles = new LinkedHashMap<>();
        for (String role : TokenizerConfigKeys.ROLES) {
            AddedToken token = config.settles(role) ? config.roles().get(role) : defaults.get(role);
            if (token != null) {
                roles.put(role, token);
            }
        }
        config.roles().forEach(roles::putIfAbsent);
        return roles;
    }

    private static int next(int modelSize, Iterable<AddedToken> added) {
        int next = modelSize;
        for (AddedToken token : added) {
            next = Math.max(next, token.id() + 1);
        }
        return next;
    }

    /// The token with a role as a part of a template, or null.
    public Template.Special special(String role) {
        Integer id = roles.byName().get(role);
        return id == null
                ? null
                : added.stream()
                        .filter(token -> token.id() == id)
                        .map(token -> new Template.Special(token.content(), id, 0))
                        .findFirst()
                        .orElseThrow();
    }
}
