package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.PieceDecoder;
import gradus.tokenizer.PieceRules;
import gradus.tokenizer.SentencePieceBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Unigram;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.PieceMerges;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.SentencePieceNormalizer;
import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceProto;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes tokenizers of vocabularies as the SentencePiece library and llama.cpp keep them.
public final class SentencePieces {
    private SentencePieces() {}

    /// Reads a `tokenizer.model`; its ids are those of the SentencePiece library.
    ///
    /// Control pieces are special tokens. Unlike the library's own, decoding shows them, and shows `<unk>` for
    /// unknown text, as everywhere in Gradus.
    ///
    /// @throws TokenizerException if it is damaged or says what is not supported
    public static SentencePieceTokenizer read(Path file) {
        try {
            return build(new SentencePieceSpec(
                    SentencePieceProto.read(JsonFile.readBytes(file)), SentencePieceSpec.Dialect.SENTENCEPIECE));
        } catch (TokenizerException fault) {
            String message = fault.getMessage();
            throw message.startsWith(file.toString()) ? fault : new TokenizerException(file + ": " + message, fault);
        }
    }

    /// A vocabulary as a GGUF file holds it under the names `llama` (BPE) and `t5` (Unigram); its ids are
    /// llama.cpp's.
    ///
    /// @throws TokenizerException if the vocabulary contradicts itself
    public static SentencePieceTokenizer ofGguf(SentencePieceModel model) {
        return build(new SentencePieceSpec(model, SentencePieceSpec.Dialect.LLAMA_CPP));
    }

    /// The vocabulary as llama.cpp needs it to give the same ids. One from SentencePiece's own file has sums of
    /// scores in float32, llama.cpp in float64; where two ways to cut are as good to seven digits the choice may
    /// differ.
    ///
    /// @throws TokenizerException if llama.cpp would give other ids for another reason, which is named
    public static SentencePieceModel forGguf(SentencePieceTokenizer tokenizer) {
        return ScoredPieces.of(tokenizer);
    }

    static SentencePieceTokenizer build(SentencePieceSpec spec) {
        SentencePieceModel model = spec.model();
        boolean isLlamaCpp = spec.dialect() == SentencePieceSpec.Dialect.LLAMA_CPP;
        List<String> tokens = new ArrayList<>();
        List<AddedToken> added = new ArrayList<>();
        List<String> userDefined = new ArrayList<>();
        for (int id = 0; id < model.entries().size(); id++) {
            Entry entry = model.entries().get(id);
            tokens.add(entry.text());
            if (entry.type() == Type.CONTROL) {
                added.add(AddedToken.special(id, entry.text()));
            } else if (entry.type() == Type.USER_DEFINED && isLlamaCpp) {
                added.add(new AddedToken(id, entry.text(), false, false, false, false, false));
            } else if (entry.type() == Type.USER_DEFINED) {
                userDefined.add(entry.text());
            }
        }
        var vocabulary = new PieceVocabulary(tokens);
        var rules = new PieceRules(new PreSplit.None(), decoder(model), model.byteFallback(), true, model.unknown());
        var frame = frame(added, new SentencePieceNormalizer(model.spec(), userDefined));
        if (model.kind() == Kind.BPE) {
            return new SentencePieceBpe(vocabulary, PieceMerges.byScore(vocabulary, spec), false, rules, spec, frame);
        }
        double[] scores = model.entries().stream().mapToDouble(Entry::score).toArray();
        return new Unigram(vocabulary, scores, rules, spec, frame);
    }

    private static TokenizerPipeline.Frame frame(List<AddedToken> added, Normalizer normalizer) {
        return TokenizerPipeline.Frame.of(added, normalizer);
    }

    private static PieceDecoder decoder(SentencePieceModel model) {
        Spec spec = model.spec();
        var steps = new ArrayList<PieceDecoder.Step>();
        if (spec.escapeWhitespaces()) {
            steps.add(new PieceDecoder.Replace("▁", " "));
        }
        if (model.byteFallback()) {
            steps.add(new PieceDecoder.ByteFallback());
        }
        steps.add(new PieceDecoder.Fuse());
        if (spec.addDummyPrefix() || spec.removeExtraWhitespaces()) {
            steps.add(new PieceDecoder.Strip(' ', 1));
        }
        return new PieceDecoder(List.copyOf(steps));
    }
}
