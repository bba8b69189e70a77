package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Reads a `tokenizer.model`: the message `ModelProto` of google/sentencepiece, `sentencepiece_model.proto`.
///
/// Each field is obeyed, known to say only how the vocabulary was trained, or refused by its number.
public final class SentencePieceProto {
    /// Fields of `trainer_spec` that steered the training and change no ids now.
    private static final BitSet OF_TRAINING = numbers(
            1, 2, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 30, 31, 32, 33, 34, 36,
            40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54);

    private Kind kind = Kind.UNIGRAM; // the format's default
    private boolean byteFallback;
    private Spec spec = Spec.DEFAULT;
    private final List<Entry> entries = new ArrayList<>();

    private SentencePieceProto() {}

    private static BitSet numbers(int... numbers) {
        var set = new BitSet();
        for (int number : numbers) {
            set.set(number);
        }
        return set;
    }

    /// @throws TokenizerException if the bytes are no such message, or say what is not read
    public static SentencePieceModel read(byte[] bytes) {
        var proto = new SentencePieceProto();
        for (var field = new Protobuf(bytes); field.next(); ) {
            switch (field.number()) {
                case 1 -> proto.entries.add(entry(field.message()));
                case 2 -> proto.trainerSpec(field.message());
                case 3 -> proto.spec = spec(field.message());
                case 4 -> field.skip(); // texts for a self-test
                case 5 -> denormalizer(field.message());
                default -> throw field.fault("field " + field.number() + " of the model is unknown");
            }
        }
        if (proto.entries.isEmpty()) {
            throw new TokenizerException("it holds no pieces: is it a SentencePiece model?");
        }
        var model = new SentencePieceModel(proto.kind, proto.entries, proto.byteFallback, proto.spec);
        if (!model.byteFallback() && !model.ids(Type.BYTE).isEmpty()) {
            throw new TokenizerException("there are byte pieces, but byte_fallback is false");
        }
        return model;
    }

    private static Entry entry(Protobuf field) {
        String text = "";
        float score = 0;
        Type type = Type.NORMAL;
        while (field.next()) {
            switch (field.number()) {
                case 1 -> text = field.text();
                case 2 -> score = field.float32();
                case 3 -> type = Type.of(field.whole());
                default -> throw field.fault("field " + field.number() + " of a piece is unknown");
            }
        }
        return new Entry(text, score, type);
    }

    private void trainerSpec(Protobuf field) {
        while (field.next()) {
            switch (field.number()) {
                case 3 -> kind = kind(field);
                case 24 -> {
                    if (field.bool()) {
                        throw field.fault("treat_whitespace_as_suffix is not supported");
                    }
                }
                case 35 -> byteFallback = field.bool();
                default -> {
                    if (!OF_TRAINING.get(field.number())) {
                        throw field.fault("field " + field.number() + " of trainer_spec is unknown");
                    }
                    field.skip();
                }
            }
        }
    }

    private static Kind kind(Protobuf field) {
        long number = field.whole();
        if (number == 1) {
            return Kind.UNIGRAM;
        }
        if (number == 2) {
            return Kind.BPE;
        }
        throw field.fault("the model_type " + (number == 3 ? "WORD" : number == 4 ? "CHAR" : "" + number)
                + " is not supported; UNIGRAM and BPE are");
    }

    private static Spec spec(Protobuf field) {
        byte[] charsmap = {};
        boolean dummyPrefix = true;
        boolean removeExtra = true;
        boolean escape = true;
        while (field.next()) {
            switch (field.number()) {
                case 2 -> charsmap = field.byteString();
                case 3 -> dummyPrefix = field.bool();
                case 4 -> removeExtra = field.bool();
                case 5 -> escape = field.bool();
                case 1, 6 -> field.skip(); // the rules' name and source; their table is what counts
                default -> throw field.fault("field " + field.number() + " of normalizer_spec is unknown");
            }
        }
        return new Spec(charsmap.length == 0 ? null : new Charsmap(charsmap), dummyPrefix, removeExtra, escape);
    }

    /// Rules for decoded text; hardly any model has them.
    private static void denormalizer(Protobuf field) {
        while (field.next()) {
            if (field.number() == 2 && field.byteString().length > 0) {
                throw field.fault("a denormalizer_spec with rules of its own is not supported");
            } else if (field.number() != 2) {
                field.skip();
            }
        }
    }
}
