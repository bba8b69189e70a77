package gradus.tokenizer.bpe;

import gradus.error.TokenizerException;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceCache;

/// Encodes UTF-8 by byte-level BPE. Holds scratch memory and a cache, so each thread has its own.
public final class BpeEncoder {
    private final BpeVocabulary vocabulary;
    private final BpeRules rules;
    private final PreTokenizer preTokenizer;
    private final int[] ranks = new int[Merges.SHORT];
    private final PieceCache cache = new PieceCache(this::merge);

    public BpeEncoder(BpeVocabulary vocabulary, BpeRules rules) {
        this.vocabulary = vocabulary;
        this.rules = rules;
        this.preTokenizer = rules.preTokenizer();
    }

    /// Appends the ids of well-formed UTF-8.
    public void encode(byte[] utf8, IntList ids) {
        for (int i = 0; i < utf8.length; ) {
            int end = PreTokenizers.end(preTokenizer, utf8, i, utf8.length);
            if (rules.prefixSpace() == PrefixSpace.PIECE && utf8[i] != ' ') {
                spellWithSpace(utf8, i, end, ids);
            } else {
                cache.spell(utf8, i, end, ids);
            }
            i = end;
        }
    }

    private void spellWithSpace(byte[] utf8, int from, int to, IntList ids) {
        byte[] piece = new byte[to - from + 1];
        piece[0] = ' ';
        System.arraycopy(utf8, from, piece, 1, to - from);
        cache.spell(piece, 0, piece.length, ids);
    }

    private void merge(byte[] text, int from, int to, IntList ids) {
        if (rules.ignoreMerges()) {
            int whole = vocabulary.idOf(text, from, to);
            if (whole >= 0) {
                ids.add(whole);
                return;
            }
        }
        int[] symbols = ids.reserve(to - from);
        int start = ids.size();
        int n = 0;
        boolean unknownBefore = false;
        for (int i = from; i < to; i++) {
            int id = vocabulary.idOfByte(text[i]);
            boolean unknown = id < 0;
            if (unknown) {
                id = unknownId(text[i]);
            }
            if (!(unknown && unknownBefore && rules.fuseUnk())) {
                symbols[start + n++] = id;
            }
            unknownBefore = unknown;
        }
        ids.size(start + vocabulary.mergeTable().merge(symbols, start, n, ranks));
    }

    private int unknownId(byte b) {
        if (rules.unkToken() == null) {
            throw new TokenizerException("the vocabulary has no token for the byte 0x%02X ('%s'), nor an unk_token"
                    .formatted(b & 0xFF, ByteAlphabet.symbol(b)));
        }
        return vocabulary.idOfSpelling(rules.unkToken());
    }
}
