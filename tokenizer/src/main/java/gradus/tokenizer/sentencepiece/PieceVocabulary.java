package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.ByteStringTable;
import gradus.tokenizer.text.IntList;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The pieces of a SentencePiece-style vocabulary, by id and by text, and the ids of its 256 byte pieces.
/// An id may have no piece.
public final class PieceVocabulary {
    public static final int MAX_PIECE = 8192; // bytes; the SentencePiece library stops at 8000

    private final List<String> tokens;
    private final ByteStringTable table;
    private final int[] ids; // the table's number → id
    private final int[] lengths; // of each piece in UTF-8; 0 for what is none
    private final int[] bytePieces = new int[256];

    /// @param tokens by id; null where an id has none
    public PieceVocabulary(List<String> tokens) {
        this.tokens = tokens;
        this.table = new ByteStringTable(tokens.size());
        this.ids = new int[tokens.size()];
        this.lengths = new int[tokens.size()];
        Arrays.fill(bytePieces, -1);
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) != null) {
                add(id);
            }
        }
    }

    private void add(int id) {
        byte[] utf8 = tokens.get(id).getBytes(StandardCharsets.UTF_8);
        if (utf8.length == 0 || utf8.length > MAX_PIECE) {
            throw new TokenizerException("piece " + id + " has " + utf8.length + " bytes; expected 1 to " + MAX_PIECE);
        }
        int known = table.size();
        int number = table.add(utf8);
        if (number < known) {
            throw new TokenizerException(
                    "the piece '" + tokens.get(id) + "' has the ids " + ids[number] + " and " + id);
        }
        ids[number] = id;
        lengths[id] = utf8.length;
        int value = SentencePieceModel.byteOf(tokens.get(id));
        if (value >= 0) {
            bytePieces[value] = id;
        }
    }

    /// One above the highest id.
    public int size() {
        return tokens.size();
    }

    List<String> tokens() {
        return tokens;
    }

    public String token(int id) {
        return tokens.get(id);
    }

    /// Whether the id is a piece of the model.
    public boolean isPiece(int id) {
        return lengths[id] > 0;
    }

    /// The piece's length in bytes; 0 if the id has none.
    public int length(int id) {
        return lengths[id];
    }

    /// The id of the piece `utf8[from, to)`, or -1.
    public int id(byte[] utf8, int from, int to) {
        int number = table.find(utf8, from, to);
        return number < 0 ? -1 : ids[number];
    }

    /// The id of a piece, or -1.
    public int id(String piece) {
        byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
        return id(utf8, 0, utf8.length);
    }

    /// Appends the byte pieces of `utf8[from, to)`; false, and nothing appended, if one of them is missing.
    public boolean spellBytes(byte[] utf8, int from, int to, IntList out) {
        for (int i = from; i < to; i++) {
            if (bytePieces[utf8[i] & 0xFF] < 0) {
                return false;
            }
        }
        for (int i = from; i < to; i++) {
            out.add(bytePieces[utf8[i] & 0xFF]);
        }
        return true;
    }
}
