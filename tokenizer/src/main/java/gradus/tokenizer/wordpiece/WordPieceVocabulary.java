package gradus.tokenizer.wordpiece;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.LongTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// WordPieces by id, and a prefix tree over their UTF-8 to find the longest that fits.
///
/// An id may have no piece: such a hole is null among the tokens.
///
/// Inner pieces carry their prefix (`##ing`) in the tree too: the search for them starts at the node that `##`
/// leads to.
public final class WordPieceVocabulary {
    /// The longest piece in bytes; published ones stay below 100.
    public static final int MAX_PIECE = 8192;

    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final LongTable children; // (node, byte) → node
    private final IntList ends = new IntList(1 << 10); // node → the id that ends there, or -1
    private final int inner; // the node of the prefix

    public WordPieceVocabulary(List<String> tokens, String prefix) {
        this.tokens = Collections.unmodifiableList(new ArrayList<>(tokens));
        children = new LongTable(4 * tokens.size());
        ends.add(-1);
        inner = insert(prefix, -1);
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) == null) {
                continue;
            }
            if (ids.put(tokens.get(id), id) != null) {
                throw new TokenizerException(
                        "the token '" + tokens.get(id) + "' is in the vocabulary twice, the second time as id " + id);
            }
            insert(tokens.get(id), id);
        }
    }

    private int insert(String token, int id) {
        int node = 0;
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            int child = child(node, b);
            if (child < 0) {
                child = ends.size();
                ends.add(-1);
                children.put(LongTable.pair(node, b & 0xFF), child);
            }
            node = child;
        }
        if (id >= 0) {
            ends.array()[node] = id;
        }
        return node;
    }

    private int child(int node, byte b) {
        return (int) children.get(LongTable.pair(node, b & 0xFF));
    }

    public int size() {
        return tokens.size();
    }

    public boolean has(int id) {
        return tokens.get(id) != null;
    }

    public String token(int id) {
        return tokens.get(id);
    }

    /// By id, null for a hole.
    public List<String> tokens() {
        return tokens;
    }

    public int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    /// The longest piece that the text from `i` starts with, as `end << 32 | id`, or -1.
    public long longest(byte[] text, int i, int to, boolean isInner) {
        long found = -1;
        for (int node = isInner ? inner : 0; i < to && (node = child(node, text[i])) >= 0; ) {
            i++;
            int id = ends.get(node);
            found = id >= 0 ? (long) i << 32 | id : found;
        }
        return found;
    }
}
