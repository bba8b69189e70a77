package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Cuts added tokens out of a text, leftmost and longest first, so that the model sees only what lies between.
///
/// Tokens with `normalized = false` are looked for in the raw text; what lies between is normalised, and the others
/// are looked for there. Source: huggingface/tokenizers, `added_vocabulary.rs`. Cost O(n · longest match).
final class AddedTokens {
    static final AddedTokens NONE = new AddedTokens(List.of(), new NoNormalizer());

    private final Map<Integer, AddedToken> byId = new LinkedHashMap<>();
    private final Set<String> special = new LinkedHashSet<>();
    private final Normalizer normalizer;
    private final Trie raw = new Trie();
    private final Trie normalized = new Trie();
    private final boolean cutsAreSafe;

    /// Where the parts of a text go.
    interface Sink {
        void text(String normalized);

        void token(int id);
    }

    AddedTokens(Collection<AddedToken> tokens, Normalizer normalizer) {
        this.normalizer = normalizer;
        boolean safe = true;
        for (AddedToken token :
                tokens.stream().sorted((a, b) -> a.id() - b.id()).toList()) {
            if (byId.put(token.id(), token) != null) {
                throw new TokenizerException("two added tokens have the id " + token.id());
            }
            Trie trie = token.normalized() ? normalized : raw;
            String content = token.normalized() ? normalizer.normalize(token.content()) : token.content();
            if (!trie.add(content, token)) {
                throw new TokenizerException("the added token '" + token.content() + "' is there twice");
            }
            if (token.special()) {
                special.add(token.content());
            }
            safe &= !token.lstrip()
                    && !token.rstrip()
                    && token.content().chars().noneMatch(CharClass::isWhiteSpace);
        }
        cutsAreSafe = safe;
    }

    Collection<AddedToken> all() {
        return byId.values();
    }

    AddedToken get(int id) {
        return byId.get(id);
    }

    Set<String> special() {
        return Collections.unmodifiableSet(special);
    }

    /// Whether a text may be cut before a space without cutting or changing an added token.
    boolean cutsAreSafe() {
        return cutsAreSafe;
    }

    /// Feeds the sink with the text's parts in order; special tokens count only if allowed.
    void split(String text, Set<String> allowedSpecial, Sink sink) {
        for (String name : allowedSpecial) {
            if (!special.contains(name)) {
                throw new TokenizerException("'" + name + "' is not a special token here; there are " + special);
            }
        }
        cut(raw, text, allowedSpecial, sink::token, part -> {
            String normal = normalizer.normalize(part);
            cut(normalized, normal, allowedSpecial, sink::token, sink::text);
        });
    }

    private static void cut(Trie trie, String text, Set<String> allowed, IntConsumer token, Consumer<String> between) {
        int done = 0;
        for (int i = 0; !trie.isEmpty() && i < text.length(); ) {
            Trie.Match match = trie.longestAt(text, i, allowed);
            if (match == null) {
                i++;
                continue;
            }
            AddedToken found = match.token();
            int start = i;
            i = match.end();
            if (found.singleWord() && (touchesWord(text, start - 1) || touchesWord(text, i))) {
                continue;
            }
            while (found.lstrip() && start > done && CharClass.isWhiteSpace(text.charAt(start - 1))) {
                start--;
            }
            while (found.rstrip() && i < text.length() && CharClass.isWhiteSpace(text.charAt(i))) {
                i++;
            }
            if (start > done) {
                between.accept(text.substring(done, start));
            }
            token.accept(found.id());
            done = i;
        }
        if (done < text.length()) {
            between.accept(done == 0 ? text : text.substring(done));
        }
    }

    private static boolean touchesWord(String text, int i) {
        return i >= 0 && i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_');
    }
}
