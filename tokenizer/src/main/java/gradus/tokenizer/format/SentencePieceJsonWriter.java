package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.PieceDecoder;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.Template;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.format.config.AddedTokenJson;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.normalize.Precompiled;
import gradus.tokenizer.normalize.SentencePieceNormalizer;
import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the parts of a tokenizer.json that surround a SentencePiece-style model.
///
/// A vocabulary that came from SentencePiece's own file is told in the Rust library's terms as closely as these
/// go, and beside them, under `model.sentencepiece`, which that library passes over, in its own terms, which
/// decide here. The two give other ids in rare places: letters with marks that no rule of the charsmap knows,
/// several merges of one score, text beside user-defined symbols, and sums of scores that differ in the seventh
/// digit.
final class SentencePieceJsonWriter {
    private SentencePieceJsonWriter() {}

    static void writeParts(SentencePieceTokenizer tokenizer, ObjectNode root) {
        for (int id : inText(tokenizer)) {
            AddedTokenJson.write(
                    new AddedToken(id, tokenizer.idToToken(id), false, false, false, false, false),
                    (ArrayNode) root.get("added_tokens"));
        }
        if (tokenizer.frame().normalizer() instanceof NoNormalizer) {
            root.putNull("normalizer");
        } else if (tokenizer.frame().normalizer() instanceof SentencePieceNormalizer own) {
            like(own.spec(), root.putObject("normalizer"));
        } else {
            normalizer(tokenizer.frame().normalizer(), root.putObject("normalizer"));
        }
        if (tokenizer.rules().split() instanceof PreSplit.None) {
            root.putNull("pre_tokenizer");
        } else {
            split(tokenizer.rules().split(), root.putObject("pre_tokenizer"));
        }
        if (tokenizer.frame().template().equals(Template.NONE)) {
            root.putNull("post_processor");
        } else {
            TokenizerJsonWriter.template(
                    root.putObject("post_processor"), tokenizer.frame().template());
        }
        decoder(tokenizer.rules().decoder(), root.putObject("decoder"));
    }

    /// The normalizer of a SentencePiece model in the Rust library's steps.
    private static void like(Spec spec, ObjectNode node) {
        String space = spec.escapeWhitespaces() ? "▁" : " ";
        ArrayNode steps = node.put("type", "Sequence").putArray("normalizers");
        if (spec.charsmap() != null) {
            normalizer(new Precompiled(spec.charsmap()), steps.addObject());
        }
        if (spec.removeExtraWhitespaces()) {
            normalizer(new NormalizerStep.Strip(true, true), steps.addObject());
            normalizer(new NormalizerStep.SpaceRuns(" "), steps.addObject());
        }
        if (spec.addDummyPrefix()) {
            normalizer(new NormalizerStep.Prepend(space), steps.addObject());
        }
        if (spec.escapeWhitespaces()) {
            normalizer(new NormalizerStep.Replace(" ", space), steps.addObject());
        }
    }

    private static void normalizer(Normalizer normalizer, ObjectNode node) {
        switch (normalizer) {
            case NormalizerStep.Sequence sequence -> {
                ArrayNode steps = node.put("type", "Sequence").putArray("normalizers");
                sequence.steps().forEach(step -> normalizer(step, steps.addObject()));
            }
            case NormalizerStep.Prepend prepend -> node.put("type", "Prepend").put("prepend", prepend.prefix());
            case NormalizerStep.Replace replace -> replace(node, replace.pattern(), replace.content());
            case NormalizerStep.SpaceRuns runs -> {
                node.put("type", "Replace").putObject("pattern").put("Regex", NormalizerStep.SpaceRuns.PATTERN);
                node.put("content", runs.content());
            }
            case NormalizerStep.Strip strip ->
                node.put("type", "Strip").put("strip_left", strip.left()).put("strip_right", strip.right());
            case Precompiled precompiled ->
                node.put("type", "Precompiled")
                        .put(
                                "precompiled_charsmap",
                                Base64.getEncoder()
                                        .encodeToString(precompiled.charsmap().bytes()));
            case NormalizerStep.StripAccents accents -> node.put("type", "StripAccents");
            case NormalizerStep.Lowercase lowercase -> node.put("type", "Lowercase");
            case NormalizerStep.Nmt nmt -> node.put("type", "Nmt");
            case NormalizerStep.UnicodeForm form -> node.put("type", form.form().name());
            case NfcNormalizer nfc -> node.put("type", "NFC");
            case NoNormalizer none -> node.put("type", "Sequence").putArray("normalizers");
            default ->
                throw new TokenizerException("a tokenizer.json has no form for the normalizer "
                        + normalizer.getClass().getName());
        }
    }

    private static void replace(ObjectNode node, String pattern, String content) {
        node.put("type", "Replace").putObject("pattern").put("String", pattern);
        node.put("content", content);
    }

    private static void split(PreSplit split, ObjectNode node) {
        switch (split) {
            case PreSplit.Sequence sequence -> {
                ArrayNode steps = node.put("type", "Sequence").putArray("pretokenizers");
                sequence.steps().forEach(step -> split(step, steps.addObject()));
            }
            case PreSplit.Whitespace whitespace -> node.put("type", "WhitespaceSplit");
            case PreSplit.Metaspace m -> metaspace(node, m.replacement(), m.prepend(), m.cuts());
            case PreSplit.AtText text -> {
                node.put("type", "Split").putObject("pattern").put("String", text.pattern());
                node.put("behavior", name(text.behavior())).put("invert", text.invert());
            }
            case PreSplit.None none -> node.put("type", "Sequence").putArray("pretokenizers");
        }
    }

    private static String name(PreSplit.Behavior behavior) {
        return switch (behavior) {
            case REMOVED -> "Removed";
            case ISOLATED -> "Isolated";
            case MERGED_WITH_PREVIOUS -> "MergedWithPrevious";
            case MERGED_WITH_NEXT -> "MergedWithNext";
            case CONTIGUOUS -> "Contiguous";
        };
    }

    private static void metaspace(ObjectNode node, char replacement, PreSplit.Prepend prepend, boolean cuts) {
        node.put("type", "Metaspace")
                .put("replacement", String.valueOf(replacement))
                .put("prepend_scheme", prepend.name().toLowerCase(Locale.ROOT))
                .put("split", cuts);
    }

    private static void decoder(PieceDecoder decoder, ObjectNode node) {
        if (decoder.steps().size() == 1) {
            decoderStep(decoder.steps().getFirst(), node);
            return;
        }
        ArrayNode steps = node.put("type", "Sequence").putArray("decoders");
        decoder.steps().forEach(step -> decoderStep(step, steps.addObject()));
    }

    private static void decoderStep(PieceDecoder.Step step, ObjectNode node) {
        switch (step) {
            case PieceDecoder.Replace replace -> replace(node, replace.pattern(), replace.content());
            case PieceDecoder.ByteFallback fallback -> node.put("type", "ByteFallback");
            case PieceDecoder.Fuse fuse -> node.put("type", "Fuse");
            case PieceDecoder.Strip strip ->
                node.put("type", "Strip")
                        .put("content", String.valueOf(strip.content()))
                        .put("start", strip.start())
                        .put("stop", 0);
            case PieceDecoder.Metaspace m -> metaspace(node, m.replacement(), m.prepend(), m.cuts());
        }
    }

    /// User-defined symbols that are found in the text without being added tokens. For the Rust library they are
    /// told to be added tokens.
    private static List<Integer> inText(SentencePieceTokenizer tokenizer) {
        SentencePieceSpec spec = tokenizer.spec();
        if (spec == null || spec.dialect() != SentencePieceSpec.Dialect.SENTENCEPIECE) {
            return List.of();
        }
        return spec.model().ids(SentencePieceModel.Type.USER_DEFINED).stream()
                .filter(id -> tokenizer.frame().added().get(id) == null)
                .toList();
    }

    /// What only SentencePiece's own file says.
    ///
    /// @param withScores whether the scores stand nowhere else
    static void spec(SentencePieceTokenizer tokenizer, boolean withScores, ObjectNode model) {
        SentencePieceSpec spec = tokenizer.spec();
        if (spec == null) {
            return;
        }
        Spec rules = spec.model().spec();
        ObjectNode node = model.putObject("sentencepiece")
                .put("dialect", spec.dialect().name().toLowerCase(Locale.ROOT))
                .put("add_dummy_prefix", rules.addDummyPrefix())
                .put("remove_extra_whitespaces", rules.removeExtraWhitespaces())
                .put("escape_whitespaces", rules.escapeWhitespaces());
        ArrayNode types = node.putArray("types");
        for (SentencePieceModel.Entry entry : spec.model().entries()) {
            types.add(entry.type().ordinal() + 1);
        }
        ArrayNode inText = node.putArray("in_text");
        inText(tokenizer).forEach(inText::add);
        if (withScores) {
            ArrayNode scores = node.putArray("scores");
            spec.model().entries().forEach(entry -> scores.add(entry.score()));
        }
    }
}
