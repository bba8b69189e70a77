package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The rules by which a SentencePiece vocabulary rewrites characters before it cuts: mostly Unicode's NFKC, as a
/// table made when the vocabulary was trained, so that no later Unicode changes a model's ids. Kudo & Richardson
/// 2018, arXiv:1808.06226, section 3.2.
///
/// The bytes are `size of the tree (4 bytes, little-endian) | tree | replacements, each ended by a zero`; a
/// key's value in the tree says where its replacement starts.
public final class Charsmap {
    private final byte[] bytes;
    private final byte[] replacements;
    private final DoubleArray rules;

    /// @throws TokenizerException if the bytes are no such table
    public Charsmap(byte[] bytes) {
        this.bytes = bytes.clone();
        if (bytes.length <= 4) {
            throw new TokenizerException("a charsmap has more than 4 bytes; got " + bytes.length);
        }
        int size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (size <= 0 || size >= bytes.length - 4) {
            throw new TokenizerException("the charsmap says that its tree has " + Integer.toUnsignedString(size)
                    + " bytes; there are " + (bytes.length - 4));
        }
        this.replacements = Arrays.copyOfRange(bytes, 4 + size, bytes.length);
        checkReplacements();
        this.rules = new DoubleArray(ByteBuffer.wrap(bytes, 4, size).slice(), replacements.length);
    }

    private void checkReplacements() {
        if (replacements[replacements.length - 1] != 0) {
            throw new TokenizerException("the charsmap is broken: its last replacement has no end");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new TokenizerException("the charsmap is broken: its replacements are no UTF-8", e);
        }
    }

    /// The table as it is stored.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The rule for the longest beginning of `utf8[from, to)` that has one, as `length << 32 | place`, or -1. So
    /// SentencePiece and llama.cpp rewrite.
    public long longest(byte[] utf8, int from, int to) {
        return rules.longest(utf8, from, to);
    }

    /// The rule for the shortest beginning. So Hugging Face rewrites, which asks for whole graphemes.
    public long shortest(byte[] utf8, int from, int to) {
        return rules.shortest(utf8, from, to);
    }

    /// What a rule puts in the place of what it found.
    ///
    /// @param rule what [#longest] or [#shortest] gave
    public String replacement(long rule) {
        int from = (int) rule;
        int to = from;
        while (replacements[to] != 0) {
            to++;
        }
        return new String(replacements, from, to - from, StandardCharsets.UTF_8);
    }

    /// How many bytes of the text the rule takes.
    public static int length(long rule) {
        return (int) (rule >>> 32);
    }
}
