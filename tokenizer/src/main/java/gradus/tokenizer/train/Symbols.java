package gradus.tokenizer.train;

import gradus.tokenizer.text.ByteStringTable;
import gradus.tokenizer.text.IntList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The symbols of a training run: the alphabet, then one for each merge. Symbol n has `bytes(n)`.
///
/// Two merges can build the same string (`t he` and `th e`). Where a string is one symbol, as for Hugging
/// Face and CS336, the second merge gives the symbol of the first; in minbpe it makes a new symbol.
final class Symbols {
    private final List<byte[]> bytes = new ArrayList<>();
    private final ByteStringTable strings = new ByteStringTable(1 << 10);
    private final IntList firstOfString = new IntList(1 << 10);
    private final boolean onePerString;
    private final byte[] prefix; // stripped from the right part of a merge: WordPiece's `##`

    Symbols(boolean onePerString, String continuationPrefix) {
        this.onePerString = onePerString;
        this.prefix = continuationPrefix.getBytes(StandardCharsets.UTF_8);
    }

    int size() {
        return bytes.size();
    }

    /// How many different strings there are: what a vocabulary counts.
    int distinct() {
        return strings.size();
    }

    byte[] bytes(int symbol) {
        return bytes.get(symbol);
    }

    /// The symbol of a string, new or known.
    int of(byte[] string) {
        int known = strings.size();
        int n = strings.add(string);
        if (n < known && onePerString) {
            return firstOfString.get(n);
        }
        if (n == known) {
            firstOfString.add(bytes.size());
        }
        bytes.add(string);
        return bytes.size() - 1;
    }

    /// The symbol of a known string, or -1.
    int find(byte[] string) {
        int n = strings.find(string);
        return n < 0 ? -1 : firstOfString.get(n);
    }

    /// The first symbol with the same string.
    int first(int symbol) {
        return find(bytes.get(symbol));
    }

    /// The symbol that a merge of the two makes.
    int merged(int left, int right) {
        byte[] l = bytes.get(left);
        byte[] r = bytes.get(right);
        int skip = startsWithPrefix(r) ? prefix.length : 0;
        byte[] both = Arrays.copyOf(l, l.length + r.length - skip);
        System.arraycopy(r, skip, both, l.length, r.length - skip);
        return of(both);
    }

    private boolean startsWithPrefix(byte[] string) {
        return prefix.length > 0
                && string.length >= prefix.length
                && Arrays.equals(string, 0, prefix.length, prefix, 0, prefix.length);
    }
}
