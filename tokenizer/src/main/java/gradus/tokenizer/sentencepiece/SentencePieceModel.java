package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A vocabulary of the SentencePiece library taken apart, as its `tokenizer.model` (Llama 2, Mistral, Gemma, T5)
/// holds it and GGUF's `llama` and `t5` vocabularies too. Kudo & Richardson 2018, arXiv:1808.06226.
///
/// @param kind         how the pieces are put together
/// @param entries      the pieces; an id is a place in this list
/// @param byteFallback whether a character without a piece is spelt by its UTF-8's `<0xNN>` pieces
/// @param spec         what is done to a text first
public record SentencePieceModel(Kind kind, List<Entry> entries, boolean byteFallback, Spec spec) {

    /// The algorithm, under the file's number.
    public enum Kind {
        /// The segmentation whose pieces have the largest sum of log-probabilities. Kudo 2018, arXiv:1804.10959.
        UNIGRAM,
        /// Neighbours are merged, those of the best score first.
        BPE
    }

    /// What a piece is for; the number in files is the ordinal plus one.
    public enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE;

        private static final Type[] ALL = values();

        /// @throws TokenizerException if there is no such number
        public static Type of(long number) {
            if (number < 1 || number > ALL.length) {
                throw new TokenizerException("a piece has the type " + number + "; expected 1 to " + ALL.length);
            }
            return ALL[(int) number - 1];
        }
    }

    /// A piece.
    ///
    /// @param text  its spelling, where `▁` (U+2581) stands for a space
    /// @param score its log-probability, or in a BPE how early it is merged (the larger, the earlier)
    public record Entry(String text, float score, Type type) {}

    /// What is done to a text before it is cut.
    ///
    /// @param charsmap               the rules for characters, or null
    /// @param addDummyPrefix         a space is put before the text, so that its first word is like any other
    /// @param removeExtraWhitespaces spaces at both ends go, and of a run of spaces one stays
    /// @param escapeWhitespaces      a space is written `▁`
    public record Spec(
            Charsmap charsmap, boolean addDummyPrefix, boolean removeExtraWhitespaces, boolean escapeWhitespaces) {
        /// The file format's defaults.
        public static final Spec DEFAULT = new Spec(null, true, true, true);
    }

    private static final int MAX_PIECE = 8000; // bytes; the library's own limit

    /// @throws TokenizerException if no piece or two pieces are UNKNOWN, a piece is empty, too long or there
    ///                            twice, a score is not finite, or byte pieces are wrong or missing
    public SentencePieceModel {
        entries = List.copyOf(entries);
        Set<String> pieces = new HashSet<>();
        Set<String> reserved = new HashSet<>();
        Set<Integer> bytes = new HashSet<>();
        int unknown = -1;
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            boolean isText = switch (entry.type) {
                case NORMAL, USER_DEFINED, UNUSED -> true;
                case UNKNOWN, CONTROL, BYTE -> false;
            };
            if (entry.text.isEmpty() || entry.text.length() > MAX_PIECE) {
                throw new TokenizerException(
                        "piece " + id + " has " + entry.text.length() + " chars; expected 1 to " + MAX_PIECE);
            }
            if (!(isText ? pieces : reserved).add(entry.text)) {
                throw new TokenizerException("piece " + id + ", '" + entry.text + "', is there twice");
            }
            if (!Float.isFinite(entry.score)) {
                throw new TokenizerException(
                        "piece " + id + ", '" + entry.text + "', has the score " + entry.score + "; scores are finite");
            }
            if (entry.type == Type.UNKNOWN) {
                if (unknown >= 0) {
                    throw new TokenizerException("the pieces " + unknown + " and " + id + " are both UNKNOWN");
                }
                unknown = id;
            }
            if (entry.type == Type.BYTE) {
                int value = byteOf(entry.text);
                if (value < 0) {
                    throw new TokenizerException(
                            "byte piece " + id + " is '" + entry.text + "'; expected <0x00> to <0xFF>");
                }
                bytes.add(value);
            }
        }
        if (unknown < 0) {
            throw new TokenizerException("no piece is UNKNOWN: a character without a piece would have no id");
        }
        if (byteFallback && bytes.size() != 256) {
            throw new TokenizerException(
                    "there are " + bytes.size() + " byte pieces, but byte_fallback needs all 256, <0x00> to <0xFF>");
        }
    }

    /// The byte that a `<0xNN>` piece stands for, or -1 if it is none.
    public static int byteOf(String piece) {
        if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
            return -1;
        }
        int high = "0123456789ABCDEF".indexOf(piece.charAt(3));
        int low = "0123456789ABCDEF".indexOf(piece.charAt(4));
        return high < 0 || low < 0 ? -1 : 16 * high + low;
    }

    /// The id of the UNKNOWN piece.
    public int unknown() {
        return ids(Type.UNKNOWN).getFirst();
    }

    /// The ids of a type.
    public List<Integer> ids(Type type) {
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < entries.size(); id++) {
            if (entries.get(id).type == type) {
                ids.add(id);
            }
        }
        return ids;
    }
}
