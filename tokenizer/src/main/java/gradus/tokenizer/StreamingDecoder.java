package gradus.tokenizer;

import gradus.tokenizer.text.Utf8;
import java.util.Arrays;

/// Decodes ids one by one, and returns text as soon as it has whole characters.
///
/// A token of a byte-level vocabulary may end inside a character: `é` is `C3 A9`, and a model may emit the two
/// bytes as two tokens. Decoding each token alone would show two U+FFFD. The decoder holds back a tail that can
/// still become a character (at most three bytes) until the next id completes or spoils it.
///
/// All the texts it returns, `finish()` last, make up what `Tokenizer.decode` gives for all ids at once. One
/// decoder serves one stream and one thread.
public abstract class StreamingDecoder {
    private byte[] held = new byte[64];
    private int length;
    private boolean first = true;

    /// The UTF-8 that the id adds to the text that is already there; null for an id without a token, which is
    /// passed over as if it were not there. Throws TokenizerException outside the vocabulary.
    protected abstract byte[] next(int id, boolean first);

    /// The bytes that the id adds in the middle of a text.
    final byte[] bytes(int id) {
        byte[] bytes = next(id, false);
        return bytes == null ? new byte[0] : bytes;
    }

    /// The bytes that the id begins a text with.
    final byte[] firstBytes(int id) {
        byte[] bytes = next(id, true);
        return bytes == null ? new byte[0] : bytes;
    }

    /// Takes the next id; returns the characters that are complete now, often one token's text, sometimes
    /// nothing.
    public final String accept(int id) {
        byte[] more = next(id, first);
        if (more == null) {
            return "";
        }
        first = false;
        if (length + more.length > held.length) {
            held = Arrays.copyOf(held, Math.max(length + more.length, 2 * held.length));
        }
        System.arraycopy(more, 0, held, length, more.length);
        length += more.length;
        int complete = length - Utf8.unfinished(held, length);
        String text = Utf8.decode(held, 0, complete);
        System.arraycopy(held, complete, held, 0, length - complete);
        length -= complete;
        return text;
    }

    /// Ends the stream; returns what was held back, a cut character as U+FFFD.
    public final String finish() {
        String rest = Utf8.decode(held, 0, length);
        length = 0;
        first = true;
        return rest;
    }
}
