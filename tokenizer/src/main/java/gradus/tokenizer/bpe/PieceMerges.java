package gradus.tokenizer.bpe;

import gradus.error.TokenizerException;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.ByteStringTable;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Which neighbours become one piece in a [gradus.tokenizer.SentencePieceBpe], and in which order.
///
/// A symbol is a piece, with the piece's id, or a character that is no piece, with an id above the
/// vocabulary's. Such a character can still be merged where the two together are a piece.
public final class PieceMerges {
    private final PieceVocabulary vocabulary;
    private final ByteStringTable strangers = new ByteStringTable(16); // characters that are no piece, but in one
    private final PieceTrie symbols;
    private final IntList merges = new IntList(1 << 10); // left, right, rank, merged of each
    private final Merges table = new Merges(1 << 10);
    private volatile Filtered filtered = new Filtered(new BitSet(), null);

    /// The table without the merges that make a forbidden piece.
    private record Filtered(BitSet forbidden, Merges table) {}

    /// Takes the symbols that are left over.
    public interface Sink {
        /// @param id the piece, or -1 for a character that is none
        void symbol(int from, int to, int id);
    }

    private PieceMerges(PieceVocabulary vocabulary, PieceTrie symbols) {
        this.vocabulary = vocabulary;
        this.symbols = symbols;
    }

    /// The merges that a tokenizer.json lists, the first the earliest.
    public static PieceMerges listed(PieceVocabulary vocabulary, List<BpeVocabulary.Merge> list) {
        var merges = new PieceMerges(vocabulary, null);
        list.forEach(m -> merges.add(m.left(), m.right(), m.rank(), m.merged()));
        return merges;
    }

    /// Every way to put a piece together from two symbols, the pieces of highest score first.
    public static PieceMerges byScore(PieceVocabulary vocabulary, SentencePieceSpec spec) {
        List<Entry> entries = spec.model().entries();
        boolean isLlamaCpp = spec.dialect() == SentencePieceSpec.Dialect.LLAMA_CPP;
        var isText = new BitSet();
        for (int id = 0; id < entries.size(); id++) {
            Type type = entries.get(id).type();
            if (type == Type.UNUSED && !isLlamaCpp) {
                throw new TokenizerException("piece " + id + ", '"
                        + entries.get(id).text() + "', is UNUSED, which is not supported in a BPE vocabulary");
            }
            isText.set(id, isLlamaCpp || type == Type.NORMAL);
        }
        List<Integer> userDefined = isLlamaCpp ? List.of() : spec.model().ids(Type.USER_DEFINED);
        var symbols = new PieceTrie.Builder();
        userDefined.forEach(id -> symbols.add(entries.get(id).text(), id));
        var merges = new PieceMerges(vocabulary, userDefined.isEmpty() ? null : symbols.build());

        var pieces = new PieceTrie.Builder();
        isText.stream().forEach(id -> pieces.add(entries.get(id).text(), id));
        PieceTrie trie = pieces.build();
        double[] order = isText.stream()
                .mapToDouble(id -> -entries.get(id).score())
                .distinct()
                .sorted()
                .toArray();
        isText.stream().forEach(id -> {
            int rank = Arrays.binarySearch(order, -entries.get(id).score());
            merges.addSplits(id, rank, trie, isText);
        });
        return merges;
    }

    private void addSplits(int merged, int rank, PieceTrie trie, BitSet isText) {
        byte[] piece = vocabulary.token(merged).getBytes(StandardCharsets.UTF_8);
        int firstWidth = Utf8.width(piece[0]);
        int node = PieceTrie.ROOT;
        for (int i = 0; i + 1 < piece.length; i++) {
            node = trie.child(node, piece[i]);
            boolean betweenCharacters = (piece[i + 1] & 0xC0) != 0x80;
            if (!betweenCharacters || trie.id(node) < 0 && i + 1 != firstWidth) {
                continue;
            }
            int left = trie.id(node) >= 0 ? trie.id(node) : stranger(piece, 0, i + 1);
            int right = vocabulary.id(piece, i + 1, piece.length);
            if (right < 0 || !isText.get(right)) {
                boolean isCharacter = i + 1 + Utf8.width(piece[i + 1]) == piece.length;
                right = isCharacter ? stranger(piece, i + 1, piece.length) : -1;
            }
            if (right >= 0) {
                add(left, right, rank, merged);
            }
        }
    }

    private int stranger(byte[] utf8, int from, int to) {
        return vocabulary.size() + strangers.add(utf8, from, to);
    }

    private void add(int left, int right, int rank, int merged) {
        if (table.add(left, right, rank, merged)) {
            for (int value : new int[] {left, right, rank, merged}) {
                merges.add(value);
            }
        }
    }

    /// How many pairs can be merged.
    public int size() {
        return merges.size() / 4;
    }

    /// User-defined symbols, which are found before anything is merged and never merged; null where there are
    /// none.
    public PieceTrie symbols() {
        return symbols;
    }

    /// The pairs of pieces in the order of their ranks.
    public List<BpeVocabulary.Merge> list() {
        return java.util.stream.IntStream.range(0, size())
                .mapToObj(i -> new BpeVocabulary.Merge(
                        merges.get(4 * i), merges.get(4 * i + 1), merges.get(4 * i + 2), merges.get(4 * i + 3)))
                .filter(m -> m.left() < vocabulary.size() && m.right() < vocabulary.size())
                .sorted(java.util.Comparator.comparingInt(BpeVocabulary.Merge::rank))
                .toList();
    }

    /// Merges `utf8[from, to)` as far as it goes, making none of the forbidden pieces.
    public void apply(byte[] utf8, int from, int to, BitSet forbidden, Sink sink) {
        int start = from;
        for (int i = from; symbols != null && i < to; ) {
            long symbol = symbols.longest(utf8, i, to);
            if (symbol < 0) {
                i += Utf8.width(utf8[i]);
                continue;
            }
            merge(utf8, start, i, forbidden, sink);
            start = i + PieceTrie.length(symbol);
            sink.symbol(i, start, (int) symbol);
            i = start;
        }
        merge(utf8, start, to, forbidden, sink);
    }

    private void merge(byte[] utf8, int from, int to, BitSet forbidden, Sink sink) {
        int[] ids = new int[to - from];
        int n = 0;
        for (int i = from; i < to; ) {
            int end = i + Utf8.width(utf8[i]);
            ids[n++] = symbol(utf8, i, end, forbidden);
            i = end;
        }
        n = table(forbidden).merge(ids, 0, n, new int[Merges.SHORT]);
        int at = from;
        for (int k = 0; k < n; k++) {
            boolean isPiece = ids[k] < vocabulary.size();
            int end = at + (isPiece ? vocabulary.length(ids[k]) : Utf8.width(utf8[at]));
            sink.symbol(at, end, isPiece ? ids[k] : -1);
            at = end;
        }
    }

    private int symbol(byte[] utf8, int from, int to, BitSet forbidden) {
        int id = vocabulary.id(utf8, from, to);
        if (id >= 0 && !forbidden.get(id)) {
            return id;
        }
        int number = strangers.find(utf8, from, to);
        return vocabulary.size() + (number < 0 ? strangers.size() : number);
    }

    private Merges table(BitSet forbidden) {
        if (forbidden.isEmpty()) {
            return table;
        }
        Filtered known = filtered;
        if (!known.forbidden.equals(forbidden)) {
            var allowed = new Merges(size());
            for (int i = 0; i < merges.size(); i += 4) {
                if (!forbidden.get(merges.get(i + 3))) {
                    allowed.add(merges.get(i), merges.get(i + 1), merges.get(i + 2), merges.get(i + 3));
                }
            }
            known = new Filtered((BitSet) forbidden.clone(), allowed);
            filtered = known;
        }
        return known.table;
    }
}
