package gradus.tokenizer.train;

import gradus.tokenizer.text.ByteStringTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The symbols of a training run: the alphabet, then one for each merge. Symbol n has `bytes(n)`.
///
/// Two merges never build the same string: a merge takes place everywhere at once, so wherever a string has become
/// one symbol, it became so in the same steps. Only where the prefix is stripped, a merge can give a symbol that is
/// there already: of a word `##b`, `#` and `###` make `##`, and that with `##b` makes `##b`.
final class Symbols {
    private final List<byte[]> bytes = new ArrayList<>();
    private final ByteStringTable strings = new ByteStringTable(1 << 10);
    private final byte[] prefix; // stripped from the right part of a merge: WordPiece's `##`

    Symbols(String continuationPrefix) {
        this.prefix = continuationPrefix.getBytes(StandardCharsets.UTF_8);
    }

    int size() {
        return bytes.size();
    }

    byte[] bytes(int symbol) {
        return bytes.get(symbol);
    }

    /// The symbol of a string, new or known.
    int of(byte[] string) {
        int n = strings.add(string);
        if (n == bytes.size()) {
            bytes.add(string);
        }
        return n;
    }

    /// The symbol of a known string, or -1.
    int find(byte[] string) {
        return strings.find(string);
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
