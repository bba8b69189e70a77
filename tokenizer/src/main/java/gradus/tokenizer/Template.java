package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.IntList;
import java.util.ArrayList;
import java.util.List;

/// The frame that a model wants around its sequences: BERT's `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
///
/// @param single the parts around one sequence
/// @param pair the parts around two, empty where the model takes no pairs
public record Template(List<Part> single, List<Part> pair) {

    /// One part of a template.
    public sealed interface Part {
        int typeId();
    }

    /// A sequence: the first (A) or the second (B).
    public record Sequence(boolean second, int typeId) implements Part {}

    /// A fixed token, as `[CLS]`.
    public record Special(String token, int id, int typeId) implements Part {}

    /// No frame: GPT-2.
    public static final Template NONE =
            new Template(List.of(new Sequence(false, 0)), List.of(new Sequence(false, 0), new Sequence(true, 1)));

    public Template {
        single = List.copyOf(single);
        pair = List.copyOf(pair);
    }

    /// `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`; Devlin et al. 2018, arXiv:1810.04805.
    public static Template bert(Special cls, Special sep) {
        Sequence a = new Sequence(false, 0);
        Special last = new Special(sep.token(), sep.id(), 1);
        return new Template(List.of(cls, a, sep), List.of(cls, a, sep, new Sequence(true, 1), last));
    }

    /// `<s> A </s>`, `<s> A </s></s> B </s>`, all of one type; Liu et al. 2019, arXiv:1907.11692.
    public static Template roberta(Special cls, Special sep) {
        Sequence a = new Sequence(false, 0);
        return new Template(List.of(cls, a, sep), List.of(cls, a, sep, sep, new Sequence(true, 0), sep));
    }

    /// `bos A eos`, `bos A eos bos B eos`, with the one, the other or both (`add_bos_token`, `add_eos_token`).
    ///
    /// @param bos or null
    /// @param eos or null
    public static Template bounds(Special bos, Special eos) {
        List<Part> single = new ArrayList<>();
        List<Part> pair = new ArrayList<>();
        for (int type = 0; type < 2; type++) {
            List<Part> one = new ArrayList<>();
            if (bos != null) {
                one.add(new Special(bos.token(), bos.id(), type));
            }
            one.add(new Sequence(type == 1, type));
            if (eos != null) {
                one.add(new Special(eos.token(), eos.id(), type));
            }
            pair.addAll(one);
            if (type == 0) {
                single.addAll(one);
            }
        }
        return new Template(single, pair);
    }

    /// How many fixed tokens the frame adds.
    public int specialCount(boolean isPair) {
        return (int) (isPair ? pair : single)
                .stream().filter(p -> p instanceof Special).count();
    }

    /// The fixed tokens before a single sequence, as `<s>`.
    int[] opening() {
        return single.stream()
                .takeWhile(part -> part instanceof Special)
                .mapToInt(part -> ((Special) part).id())
                .toArray();
    }

    public Encoding apply(int[] first, int[] second) {
        List<Part> parts = second == null ? single : pair;
        if (parts.isEmpty()) {
            throw new TokenizerException("this tokenizer's template takes one text, not a pair");
        }
        var ids = new IntList(first.length + 8);
        var types = new IntList(first.length + 8);
        for (Part part : parts) {
            int[] content = switch (part) {
                case Special special -> new int[] {special.id()};
                case Sequence sequence -> sequence.second() ? second : first;
            };
            for (int id : content) {
                ids.add(id);
                types.add(part.typeId());
            }
        }
        return new Encoding(ids.toArray(), types.toArray());
    }
}
