package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.SentencePieceBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.List;

/// Tells a tokenizer by pieces, scores and types alone, as llama.cpp reads it, and refuses one that says more.
final class ScoredPieces {
    private static final Normalizer PREFIX =
            new NormalizerStep.Sequence(List.of(new NormalizerStep.Prepend("▁"), new NormalizerStep.Replace(" ", "▁")));
    private static final Normalizer NO_PREFIX = new NormalizerStep.Replace(" ", "▁");

    private ScoredPieces() {}

    static SentencePieceModel of(SentencePieceTokenizer tokenizer) {
        if (tokenizer.spec() != null) {
            return ofSpec(tokenizer.spec());
        }
        if (tokenizer instanceof SentencePieceBpe bpe) {
            return ofListedMerges(bpe);
        }
        throw refused("the charsmap of a tokenizer.json goes by other rules there; load the model's own"
                + " tokenizer.model or spiece.model instead");
    }

    private static SentencePieceModel ofSpec(SentencePieceSpec spec) {
        SentencePieceModel model = spec.model();
        if (spec.dialect() == SentencePieceSpec.Dialect.SENTENCEPIECE) {
            Spec rules = model.spec();
            if (rules.addDummyPrefix() && !model.ids(Type.USER_DEFINED).isEmpty()) {
                throw refused("it puts a space behind each user-defined symbol, SentencePiece does not");
            }
            if (model.kind() == Kind.BPE && (rules.charsmap() != null || rules.removeExtraWhitespaces())) {
                throw refused("it neither rewrites characters nor removes spaces before a BPE");
            }
            if (model.kind() == Kind.BPE && !model.byteFallback()) {
                throw refused("its BPE needs byte pieces");
            }
            if (!rules.escapeWhitespaces()) {
                throw refused("it writes ▁ for each space");
            }
        }
        return model;
    }

    private static SentencePieceModel ofListedMerges(SentencePieceBpe bpe) {
        Normalizer normalizer = bpe.frame().normalizer();
        boolean prefix = normalizer.equals(PREFIX);
        boolean splits = !(bpe.rules().split() instanceof PreSplit.None)
                && !(bpe.rules().split() instanceof PreSplit.AtText text
                        && text.pattern().equals(" "));
        if (splits || !prefix && !normalizer.equals(NO_PREFIX)) {
            throw refused("it writes ▁ for each space and cuts nothing; this tokenizer has other rules");
        }
        if (bpe.ignoreMerges() || !bpe.rules().byteFallback()) {
            throw refused("its BPE needs byte pieces and always merges");
        }
        PieceVocabulary pieces = bpe.vocabulary();
        float[] scores = scores(bpe);
        var entries = new ArrayList<Entry>();
        for (int id = 0; id < pieces.size(); id++) {
            String token = bpe.idToToken(id);
            entries.add(new Entry(token, scores[id], type(bpe, id, token)));
        }
        return new SentencePieceModel(Kind.BPE, entries, true, new Spec(null, prefix, false, true));
    }

    private static Type type(SentencePieceBpe bpe, int id, String token) {
        AddedToken added = bpe.frame().added().get(id);
        if (id == bpe.rules().unk() || bpe.rules().unk() < 0 && token.equals("<unk>")) {
            return Type.UNKNOWN;
        }
        if (added == null) {
            return SentencePieceModel.byteOf(token) >= 0 ? Type.BYTE : Type.NORMAL;
        }
        if (added.lstrip() || added.rstrip() || added.singleWord() || added.normalized()) {
            throw refused("it knows no flags like those of the added token '" + token + "'");
        }
        return added.special() ? Type.CONTROL : Type.USER_DEFINED;
    }

    /// A piece's score is minus its place in the order of merging. That tells the same merges if every pair that
    /// makes a piece is listed, and nothing else merges in between.
    private static float[] scores(SentencePieceBpe bpe) {
        PieceVocabulary pieces = bpe.vocabulary();
        var scores = new float[pieces.size()];
        var listed = new LongTable(bpe.mergeCount());
        int last = -1;
        int place = 0;
        for (BpeVocabulary.Merge merge : bpe.merges().list()) {
            if (merge.merged() != last) {
                if (scores[merge.merged()] != 0) {
                    throw refused(
                            "the merges that make '" + pieces.token(merge.merged()) + "' do not follow one another");
                }
                scores[merge.merged()] = - ++place;
                last = merge.merged();
            }
            listed.put(LongTable.pair(merge.left(), merge.right()), merge.rank());
        }
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.token(id);
            for (int i = 1; pieces.isPiece(id) && i < piece.length(); i++) {
                int left = pieces.id(piece.substring(0, i));
                int right = pieces.id(piece.substring(i));
                if (left >= 0 && right >= 0 && listed.get(LongTable.pair(left, right)) < 0) {
                    throw refused("it would merge '" + pieces.token(left) + "' and '" + pieces.token(right)
                            + "', which this tokenizer does not");
                }
            }
        }
        return scores;
    }

    private static TokenizerException refused(String reason) {
        return new TokenizerException("llama.cpp would give other ids: " + reason);
    }
}
