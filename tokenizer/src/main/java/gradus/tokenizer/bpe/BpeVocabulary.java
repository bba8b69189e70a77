package gradus.tokenizer.bpe;

import gradus.error.TokenizerException;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.text.ByteStringTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tokens of a byte-level BPE, by id, and the merges that build them.
///
/// A token is a byte string, spelt in files by GPT-2's byte alphabet; a special token is its own text. An id
/// may have no token: such a hole has no bytes and no spelling.
public final class BpeVocabulary {
    /// The longest token in bytes. Published vocabularies stay below 1,000; each byte costs time in loading.
    public static final int MAX_PIECE = 8192;

    /// A learned merge.
    public record Merge(int left, int right, int rank, int merged) {}

    private final byte[][] bytes; // id → UTF-8 or a part of it
    private final String[] literals; // id → the spelling where it is not that of the byte alphabet, else null
    private final ByteStringTable table; // numbers the byte strings that are spelt in the byte alphabet …
    private final int[] idOfNumber; // … and this gives their ids
    private final Map<String, Integer> literalIds = new HashMap<>();
    private final int[] byteIds = new int[256]; // byte → id, or -1
    private final List<Merge> merges;
    private final Merges mergeTable;

    private BpeVocabulary(byte[][] bytes, String[] literals, boolean[] whole, List<Merge> merges) {
        this.bytes = bytes;
        this.literals = literals;
        this.merges = List.copyOf(merges);
        table = new ByteStringTable(bytes.length);
        idOfNumber = new int[bytes.length];
        for (int id = 0; id < bytes.length; id++) {
            if (literals[id] != null) {
                literalIds.put(literals[id], id);
            }
            if (whole[id]) {
                byte[] symbols = literals[id] == null ? bytes[id] : ByteAlphabet.bytes(literals[id]);
                idOfNumber[table.add(symbols)] = id;
            }
        }
        for (int b = 0; b < 256; b++) {
            byteIds[b] = idOf(new byte[] {(byte) b}, 0, 1);
        }
        mergeTable = new Merges(merges.size());
        merges.forEach(m -> mergeTable.add(m.left(), m.right(), m.rank(), m.merged()));
    }

    /// A vocabulary by id; `added` are spelt as their own text. Throws TokenizerException on duplicates and
    /// gaps.
    public static BpeVocabulary of(List<byte[]> tokens, List<AddedToken> added, List<Merge> merges) {
        byte[][] bytes = tokens.toArray(byte[][]::new);
        String[] literals = new String[bytes.length];
        for (AddedToken token : added) {
            if (token.id() >= bytes.length) {
                throw new TokenizerException("added token '" + token.content() + "' has id " + token.id()
                        + ", outside the vocabulary of " + bytes.length);
            }
            literals[token.id()] = token.content();
        }
        boolean[] whole = new boolean[bytes.length];
        for (int id = 0; id < bytes.length; id++) {
            whole[id] = literals[id] == null;
        }
        return new BpeVocabulary(bytes, literals, whole, merges);
    }

    /// From the model's spellings by id, as in vocab.json, null for a hole. What is no word of the byte alphabet
    /// stands for itself. So does a token that was added too (`<|endoftext|>`), unless it is the only token of
    /// a byte: then the model needs it as that byte.
    public static BpeVocabulary ofSpellings(List<String> spellings, Collection<AddedToken> added, List<Merge> merges) {
        byte[][] bytes = new byte[spellings.size()][];
        String[] literals = new String[bytes.length];
        boolean[] whole = new boolean[bytes.length]; // whether a pre-token of these bytes can be this token
        Map<Integer, AddedToken> addedById = new HashMap<>();
        added.forEach(token -> addedById.put(token.id(), token));
        for (int id = 0; id < bytes.length; id++) {
            String spelling = spellings.get(id);
            if (spelling == null) {
                continue;
            }
            AddedToken too = addedById.get(id);
            byte[] symbols = ByteAlphabet.bytes(spelling);
            boolean isText = symbols != null && (too == null || symbols.length == 1);
            whole[id] = symbols != null && (isText || !too.special()); // no text may forge a control token
            literals[id] = isText ? null : spelling;
            bytes[id] = isText ? symbols : spelling.getBytes(StandardCharsets.UTF_8);
        }
        return new BpeVocabulary(bytes, literals, whole, merges);
    }

    public int size() {
        return bytes.length;
    }

    public byte[] bytes(int id) {
        return bytes[id];
    }

    public boolean has(int id) {
        return bytes[id] != null;
    }

    /// Whether the token is that of a single byte.
    public boolean isByte(int id) {
        return bytes[id] != null && literals[id] == null && bytes[id].length == 1;
    }

    public String spelling(int id) {
        return literals[id] != null ? literals[id] : ByteAlphabet.spell(bytes[id]);
    }

    public int idOfSpelling(String spelling) {
        Integer literal = literalIds.get(spelling);
        if (literal != null) {
            return literal;
        }
        byte[] symbols = ByteAlphabet.bytes(spelling);
        return symbols == null ? -1 : idOf(symbols, 0, symbols.length);
    }

    /// The id of exactly these bytes, or -1.
    public int idOf(byte[] text, int from, int to) {
        int number = table.find(text, from, to);
        return number < 0 ? -1 : idOfNumber[number];
    }

    public int idOfByte(byte b) {
        return byteIds[b & 0xFF];
    }

    public boolean spellsEveryByte() {
        return Arrays.stream(byteIds).allMatch(id -> id >= 0);
    }

    /// In the order of their ranks.
    public List<Merge> merges() {
        return merges;
    }

    public Merges mergeTable() {
        return mergeTable;
    }
}
