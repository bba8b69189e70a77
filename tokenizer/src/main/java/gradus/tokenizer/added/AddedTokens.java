package gradus.tokenizer.added;

import gradus.error.TokenizerException;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.text.CharClass;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Cuts added tokens out of a text, leftmost and longest first, so that the model sees only what lies between.
///
/// Tokens with `normalized = false` are looked for in the raw text; what lies between is normalised, and the
/// others are looked for there. Source: huggingface/tokenizers, `added_vocabulary.rs`. Cost O(n · longest
/// match).
public final class AddedTokens {
    static final AddedTokens NONE = new AddedTokens(List.of(), new NoNormalizer());

    private final Map<Integer, AddedToken> byId = new LinkedHashMap<>(); // in the order of ids
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<String> special = new LinkedHashSet<>();
    private final Normalizer normalizer;
    private final Trie raw = new Trie();
    private final Trie normalized = new Trie();
    private final boolean cutsAreSafe;
    private final int end;

    /// Where the parts of a text go.
    public interface Sink {
        void text(String normalized);

        void token(int id);
    }

    public AddedTokens(Collection<AddedToken> tokens, Normalizer normalizer) {
        this.normalizer = normalizer;
        List<AddedToken> ascending =
                tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
        for (AddedToken token : ascending) {
            if (byId.put(token.id(), token) != null) {
                throw new TokenizerException("two added tokens have the id " + token.id());
            }
            if (ids.put(token.content(), token.id()) != null) {
                throw new TokenizerException("the added token '" + token.content() + "' is there twice");
            }
            if (token.special()) {
                special.add(token.content());
            }
        }
        end = ascending.isEmpty() ? 0 : ascending.getLast().id() + 1;
        cutsAreSafe = tokens.stream()
                .noneMatch(token -> token.lstrip()
                        || token.rstrip()
                        || token.content().chars().anyMatch(CharClass::isWhiteSpace));
        // Where two become equal by normalising, special ones go first, then the one that was added first.
        tokens.stream().filter(AddedToken::special).forEach(this::lookFor);
        tokens.stream().filter(token -> !token.special()).forEach(this::lookFor);
    }

    private void lookFor(AddedToken token) {
        String content = token.normalized() ? normalizer.normalize(token.content()) : token.content();
        if (content.isEmpty()) {
            throw new TokenizerException(
                    "the added token '" + token.content() + "' is nothing when normalised: it would be everywhere");
        }
        (token.normalized() ? normalized : raw).add(content, token);
    }

    public Collection<AddedToken> all() {
        return byId.values();
    }

    public AddedToken get(int id) {
        return byId.get(id);
    }

    /// The id of the token with this content, or -1.
    public int id(String content) {
        return ids.getOrDefault(content, -1);
    }

    /// One above the highest id.
    public int end() {
        return end;
    }

    public Set<String> special() {
        return Collections.unmodifiableSet(special);
    }

    /// Whether a text may be cut before a space without cutting or changing an added token.
    public boolean cutsAreSafe() {
        return cutsAreSafe;
    }

    /// Feeds the sink with the text's parts in order; special tokens count only if allowed.
    public void split(String text, Set<String> allowedSpecial, Sink sink) {
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

    /// The search goes on behind the token's own text, even where the token takes white space behind it along: a
    /// token within that white space is found too.
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
            int end = match.end();
            i = end;
            if (found.singleWord() && (wordBefore(text, start) || wordAt(text, end))) {
                continue;
            }
            if (found.lstrip()) {
                while (start > done && CharClass.isWhiteSpace(text.charAt(start - 1))) {
                    start--;
                }
                start = Math.max(start, done);
            }
            while (found.rstrip() && end < text.length() && CharClass.isWhiteSpace(text.charAt(end))) {
                end++;
            }
            if (start > done) {
                between.accept(text.substring(done, start));
            }
            if (start < end) { // or the token before has taken all of it along
                token.accept(found.id());
            }
            done = end;
        }
        if (done < text.length()) {
            between.accept(done == 0 ? text : text.substring(done));
        }
    }

    private static boolean wordBefore(String text, int i) {
        return i > 0 && CharClass.isWord(text.codePointBefore(i));
    }

    private static boolean wordAt(String text, int i) {
        return i < text.length() && CharClass.isWord(text.codePointAt(i));
    }
}
