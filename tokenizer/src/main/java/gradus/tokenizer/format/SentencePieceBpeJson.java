package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.PieceRules;
import gradus.tokenizer.SentencePieceBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.bpe.PieceMerges;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The BPE of a tokenizer.json whose pieces are characters with `▁` for spaces: Llama 2's, Mistral's and Gemma's
/// form.
final class SentencePieceBpeJson {
    private SentencePieceBpeJson() {}

    /// Whether the file's BPE is of this kind rather than over bytes.
    static boolean fits(JsonFields json, JsonFields model) {
        return model.boolOr("byte_fallback", false) || SentencePieceJson.hasPieceDecoder(json);
    }

    static SentencePieceTokenizer read(JsonFields json, JsonFields model) {
        model.check(SentencePieceKeys.BPE);
        List<AddedToken> added = TokenizerJsonReader.addedTokens(json);
        TokenTable table = TokenTable.read(model.object("vocab"), PieceVocabulary.MAX_PIECE)
                .add(added, json);
        if (model.has("sentencepiece")) {
            return SentencePieceSpecJson.read(json, model, Kind.BPE, table, null);
        }
        int unk = model.has("unk_token") ? table.modelId(model.text("unk_token")) : -1;
        if (model.has("unk_token") && unk < 0) {
            throw model.error("unk_token", "'" + model.text("unk_token") + "' is not in the vocabulary");
        }
        var rules = new PieceRules(
                SentencePieceJson.split(json),
                SentencePieceJson.decoder(json),
                model.boolOr("byte_fallback", false),
                model.boolOr("fuse_unk", false),
                unk);
        var frame = TokenizerJsonReader.frame(json, added, SentencePieceJson.normalizer(json), table);
        try {
            var vocabulary = new PieceVocabulary(table.model());
            return new SentencePieceBpe(
                    vocabulary,
                    PieceMerges.listed(vocabulary, BpeJson.merges(model, table)),
                    model.boolOr("ignore_merges", false),
                    rules,
                    null,
                    frame);
        } catch (TokenizerException unsound) {
            throw model.error("vocab", unsound.getMessage());
        }
    }

    static ObjectNode write(SentencePieceBpe bpe) {
        ObjectNode root = TokenizerJsonWriter.top(bpe);
        SentencePieceJsonWriter.writeParts(bpe, root);
        PieceVocabulary pieces = bpe.vocabulary();
        PieceRules rules = bpe.rules();
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").put("unk_token", rules.unk() < 0 ? null : pieces.token(rules.unk()));
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", rules.fuseUnk())
                .put("byte_fallback", rules.byteFallback())
                .put("ignore_merges", bpe.ignoreMerges());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.isPiece(id)) {
                vocabulary.put(pieces.token(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (BpeVocabulary.Merge merge : inOrder(bpe)) {
            merges.addArray().add(pieces.token(merge.left())).add(pieces.token(merge.right()));
        }
        SentencePieceJsonWriter.spec(bpe, true, model);
        return root;
    }

    /// Pairs of one rank stand as transformers' converters put them: the one with the longer left part first.
    private static List<BpeVocabulary.Merge> inOrder(SentencePieceBpe bpe) {
        PieceVocabulary pieces = bpe.vocabulary();
        return bpe.merges().list().stream()
                .sorted(Comparator.comparingInt(BpeVocabulary.Merge::rank)
                        .thenComparingInt(m -> -pieces.token(m.left()).length())
                        .thenComparingInt(m -> -pieces.token(m.right()).length()))
                .toList();
    }
}
