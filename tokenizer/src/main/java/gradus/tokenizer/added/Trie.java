package gradus.tokenizer.added;

import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A prefix tree of added tokens over chars.
public final class Trie {
    private final LongTable children = new LongTable(64); // (node, char) → node
    private final List<AddedToken> ends = new ArrayList<>(); // node → the token that ends there, or null

    public Trie() {
        ends.add(null);
    }

    public boolean isEmpty() {
        return ends.size() == 1;
    }

    /// Adds a token. Where the same content is there already, the token that came first stays.
    public void add(String content, AddedToken token) {
        int node = 0;
        for (int i = 0; i < content.length(); i++) {
            long key = LongTable.pair(node, content.charAt(i));
            long child = children.get(key);
            if (child < 0) {
                child = ends.size();
                ends.add(null);
                children.put(key, child);
            }
            node = (int) child;
        }
        if (ends.get(node) == null) {
            ends.set(node, token);
        }
    }

    /// A token and where its text ends.
    public record Match(AddedToken token, int end) {}

    /// The longest token that starts at `i` and is ordinary or allowed, or null.
    public Match longestAt(String text, int i, Set<String> allowedSpecial) {
        Match longest = null;
        long node = 0;
        while (i < text.length() && (node = children.get(LongTable.pair((int) node, text.charAt(i)))) >= 0) {
            i++;
            AddedToken token = ends.get((int) node);
            if (token != null && (!token.special() || allowedSpecial.contains(token.content()))) {
                longest = new Match(token, i);
            }
        }
        return longest;
    }
}
