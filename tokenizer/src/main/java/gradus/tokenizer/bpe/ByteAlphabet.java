package gradus.tokenizer.bpe;

import java.util.Arrays;

/// GPT-2's alphabet: a printable character for each of the 256 bytes, so that any byte string can stand in a JSON
/// vocabulary.
///
/// Bytes 33–126, 161–172 and 174–255 stand for themselves; the other 68, in order, for U+0100 and on. So a space
/// reads `Ġ` (U+0120) and a newline `Ċ` (U+010A). Source: openai/gpt-2, `bytes_to_unicode`.
public final class ByteAlphabet {
    private static final char[] SYMBOLS = new char[256];
    private static final short[] BYTES = new short[256 + 68]; // symbol → byte, -1 where there is none

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = 256;
        for (int b = 0; b < 256; b++) {
            SYMBOLS[b] = isPrintable(b) ? (char) b : next++;
            BYTES[SYMBOLS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static boolean isPrintable(int b) {
        return b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
    }

    public static char symbol(byte b) {
        return SYMBOLS[b & 0xFF];
    }

    /// The byte that the symbol stands for, or -1.
    public static int byteOf(char symbol) {
        return symbol < BYTES.length ? BYTES[symbol] : -1;
    }

    /// The bytes in the order of their symbols' code points: the order in which Hugging Face numbers them.
    public static byte[] inSymbolOrder() {
        byte[] bytes = new byte[256];
        int i = 0;
        for (short b : BYTES) {
            if (b >= 0) {
                bytes[i++] = (byte) b;
            }
        }
        return bytes;
    }

    /// The symbols of the bytes.
    public static String spell(byte[] bytes) {
        char[] symbols = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = symbol(bytes[i]);
        }
        return new String(symbols);
    }

    /// The bytes of the symbols, or null if a character is none of the alphabet.
    static byte[] bytes(String symbols) {
        byte[] bytes = new byte[symbols.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = byteOf(symbols.charAt(i));
            if (b < 0) {
                return null;
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }
}
