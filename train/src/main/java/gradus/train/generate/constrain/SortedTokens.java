package gradus.train.generate.constrain;

import gradus.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The bytes of all tokens, sorted: a trie without nodes. Which tokens lead on from a state is found in one
/// pass, where what a token shares with the one before is not walked again, and a beginning that leads nowhere
/// is walked once for all tokens that have it.
final class SortedTokens {
    private final int[] ids;
    private final byte[][] bytes;
    private final int[] shared; // how many bytes token i has in common with token i − 1
    private final int[] places; // by id
    private final int longest;

    private SortedTokens(List<Token> sorted) {
        int n = sorted.size();
        ids = new int[n];
        bytes = new byte[n][];
        shared = new int[n];
        places = new int[1 + sorted.stream().mapToInt(Token::id).max().orElse(-1)];
        int most = 0;
        for (int i = 0; i < n; i++) {
            ids[i] = sorted.get(i).id;
            places[ids[i]] = i;
            bytes[i] = sorted.get(i).bytes;
            most = Math.max(most, bytes[i].length);
            if (i > 0) {
                int differs = Arrays.mismatch(bytes[i - 1], bytes[i]);
                shared[i] = differs < 0 ? bytes[i].length : differs;
            }
        }
        longest = most;
    }

    private record Token(int id, byte[] bytes) {}

    /// The tokens of text; control tokens, and those that add nothing, are none.
    ///
    /// @param bytes what a token adds to the text
    static SortedTokens of(Tokenizer tokenizer, IntFunction<byte[]> bytes) {
        Set<String> control = tokenizer.specialTokens();
        return new SortedTokens(IntStream.range(0, tokenizer.vocabularySize())
                .filter(tokenizer::hasToken)
                .filter(id -> !control.contains(tokenizer.idToToken(id)))
                .mapToObj(id -> new Token(id, bytes.apply(id)))
                .filter(token -> token.bytes.length > 0)
                .sorted(Comparator.comparing(Token::bytes, Arrays::compareUnsigned))
                .toList());
    }

    /// Whether each of the 256 bytes is a token: then all texts can be spelled.
    ///
    /// @param ends tokens that end a text, and so spell nothing
    boolean spellAll(BitSet ends) {
        BitSet single = new BitSet(256);
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i].length == 1 && !ends.get(ids[i])) {
                single.set(bytes[i][0] & 0xFF);
            }
        }
        return single.cardinality() == 256;
    }

    /// What a token of these adds to the text.
    byte[] bytes(int id) {
        return bytes[places[id]];
    }

    /// Is told of a token that leads on, and of the state behind it.
    @FunctionalInterface
    interface Found {
        void accept(int token, int state);
    }

    /// All tokens that lead on from a state.
    void from(int state, Automaton automaton, Found found) {
        int[] states = new int[longest + 1]; // after so many bytes of the token that was walked last
        states[0] = state;
        int alive = 0; // how many bytes of it led on
        for (int i = 0; i < ids.length; i++) {
            if (shared[i] > alive) {
                continue; // it begins with what has led nowhere
            }
            alive = shared[i];
            byte[] own = bytes[i];
            while (alive < own.length) {
                int next = automaton.step(states[alive], own[alive] & 0xFF);
                if (next == Automaton.DEAD) {
                    break;
                }
                states[++alive] = next;
            }
            if (alive == own.length) {
                found.accept(ids[i], states[alive]);
            }
        }
    }
}
