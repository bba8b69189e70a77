package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.PieceDecoder;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.NormalizerStep;
import gradus.tokenizer.normalize.Precompiled;
import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.Charsmap;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// Reads those parts of a tokenizer.json that surround a SentencePiece-style model: normalizer, pre-tokenizer
/// and decoder.
final class SentencePieceJson {
    private static final Set<String> DECODERS = Set.of("Replace", "ByteFallback", "Fuse", "Strip", "Metaspace");

    private SentencePieceJson() {}

    /// Whether the decoder is one that puts `▁` pieces together.
    static boolean hasPieceDecoder(JsonFields json) {
        if (!json.has("decoder")) {
            return false;
        }
        JsonFields decoder = json.object("decoder");
        String type = decoder.textOr("type", "");
        if (type.equals("Sequence") && decoder.has("decoders")) {
            List<JsonFields> steps = decoder.list("decoders");
            type = steps.isEmpty() ? "" : steps.getFirst().textOr("type", "");
        }
        return DECODERS.contains(type);
    }

    // --- normalizer

    static Normalizer normalizer(JsonFields json) {
        return json.has("normalizer") ? normalizerStep(json.object("normalizer")) : new NoNormalizer();
    }

    private static Normalizer normalizerStep(JsonFields step) {
        String type = step.text("type");
        return switch (type) {
            case "Sequence" ->
                new NormalizerStep.Sequence(
                        checked(step, SentencePieceKeys.SEQUENCE_OF_NORMALIZERS).list("normalizers").stream()
                                .map(SentencePieceJson::normalizerStep)
                                .toList());
            case "Prepend" ->
                new NormalizerStep.Prepend(
                        checked(step, SentencePieceKeys.PREPEND).text("prepend"));
            case "Replace" -> replace(checked(step, SentencePieceKeys.REPLACE));
            case "Precompiled" -> precompiled(checked(step, SentencePieceKeys.PRECOMPILED));
            case "Strip" -> {
                checked(step, SentencePieceKeys.STRIP);
                yield new NormalizerStep.Strip(step.boolOr("strip_left", false), step.boolOr("strip_right", false));
            }
            case "StripAccents" -> plain(step, new NormalizerStep.StripAccents());
            case "Lowercase" -> plain(step, new NormalizerStep.Lowercase());
            case "Nmt" -> plain(step, new NormalizerStep.Nmt());
            case "NFC" -> plain(step, new NfcNormalizer());
            case "NFD", "NFKC", "NFKD" -> plain(step, new NormalizerStep.UnicodeForm(Form.valueOf(type)));
            default -> throw step.error("type", "'" + type + "' is not supported beside a SentencePiece-style model");
        };
    }

    private static Normalizer plain(JsonFields step, Normalizer normalizer) {
        checked(step, SentencePieceKeys.TYPE_ALONE);
        return normalizer;
    }

    private static Normalizer replace(JsonFields step) {
        JsonFields pattern = checked(step.object("pattern"), SentencePieceKeys.PATTERN);
        if (pattern.has("Regex")) {
            if (!pattern.text("Regex").equals(NormalizerStep.SpaceRuns.PATTERN)) {
                throw pattern.error("Regex", "is not the known one (' {2,}'), and no regex from a file is run");
            }
            return new NormalizerStep.SpaceRuns(step.text("content"));
        }
        if (pattern.text("String").isEmpty()) {
            throw pattern.error("String", "is empty");
        }
        return new NormalizerStep.Replace(pattern.text("String"), step.text("content"));
    }

    private static Precompiled precompiled(JsonFields step) {
        try {
            return new Precompiled(new Charsmap(Base64.getDecoder().decode(step.text("precompiled_charsmap"))));
        } catch (IllegalArgumentException e) {
            throw step.error("precompiled_charsmap", "is no Base64");
        } catch (TokenizerException broken) {
            throw step.error("precompiled_charsmap", broken.getMessage());
        }
    }

    // --- pre_tokenizer

    static PreSplit split(JsonFields json) {
        return json.has("pre_tokenizer") ? splitStep(json.object("pre_tokenizer")) : new PreSplit.None();
    }

    private static PreSplit splitStep(JsonFields step) {
        String type = step.text("type");
        return switch (type) {
            case "Sequence" ->
                new PreSplit.Sequence(checked(step, SentencePieceKeys.SEQUENCE_OF_SPLITS).list("pretokenizers").stream()
                        .map(SentencePieceJson::splitStep)
                        .toList());
            case "WhitespaceSplit" -> {
                checked(step, SentencePieceKeys.TYPE_ALONE);
                yield new PreSplit.Whitespace();
            }
            case "Metaspace" -> metaspace(step);
            case "Split" -> atText(checked(step, SentencePieceKeys.SPLIT));
            default -> throw step.error("type", "'" + type + "' is not supported before a SentencePiece-style model");
        };
    }

    private static PreSplit.Metaspace metaspace(JsonFields step) {
        checked(step, SentencePieceKeys.METASPACE);
        String sign = step.text("replacement");
        if (sign.length() != 1) {
            throw step.error("replacement", "must be one character; got '" + sign + "'");
        }
        boolean prefix = step.boolOr("add_prefix_space", true);
        String scheme = step.textOr("prepend_scheme", prefix ? "always" : "never");
        PreSplit.Prepend prepend = switch (scheme) {
            case "always" -> PreSplit.Prepend.ALWAYS;
            case "first" -> PreSplit.Prepend.FIRST;
            case "never" -> PreSplit.Prepend.NEVER;
            default ->
                throw step.error("prepend_scheme", "'" + scheme + "' is unknown; expected always, first or never");
        };
        if (!prefix && prepend != PreSplit.Prepend.NEVER) {
            throw step.error("prepend_scheme", "'" + scheme + "' contradicts add_prefix_space = false");
        }
        return new PreSplit.Metaspace(sign.charAt(0), prepend, step.boolOr("split", true));
    }

    private static PreSplit atText(JsonFields step) {
        JsonFields pattern = checked(step.object("pattern"), SentencePieceKeys.PATTERN);
        if (pattern.has("Regex")) {
            throw pattern.error(
                    "Regex", "is not supported before a SentencePiece-style model: no regex from a file is run");
        }
        if (pattern.text("String").isEmpty()) {
            throw pattern.error("String", "is empty");
        }
        String behavior = step.text("behavior");
        PreSplit.Behavior known = switch (behavior) {
            case "Removed" -> PreSplit.Behavior.REMOVED;
            case "Isolated" -> PreSplit.Behavior.ISOLATED;
            case "MergedWithPrevious" -> PreSplit.Behavior.MERGED_WITH_PREVIOUS;
            case "MergedWithNext" -> PreSplit.Behavior.MERGED_WITH_NEXT;
            case "Contiguous" -> PreSplit.Behavior.CONTIGUOUS;
            default -> throw step.error("behavior", "'" + behavior + "' is unknown");
        };
        return new PreSplit.AtText(pattern.text("String"), known, step.boolOr("invert", false));
    }

    // --- decoder

    static PieceDecoder decoder(JsonFields json) {
        if (!json.has("decoder")) {
            throw json.error(
                    "decoder", "is null, which would put a space between pieces; expected Metaspace or a Sequence");
        }
        var steps = new ArrayList<PieceDecoder.Step>();
        addDecoderSteps(json.object("decoder"), steps);
        for (int i = 0; i < steps.size(); i++) {
            boolean isStrip = steps.get(i) instanceof PieceDecoder.Strip;
            if (isStrip && (i != steps.size() - 1 || !steps.contains(new PieceDecoder.Fuse()))) {
                throw json.error("decoder", "has a Strip that is not last, or without a Fuse before it");
            }
        }
        int fuse = steps.indexOf(new PieceDecoder.Fuse());
        for (int i = fuse + 1; fuse >= 0 && i < steps.size(); i++) {
            if (!(steps.get(i) instanceof PieceDecoder.Strip)) {
                throw json.error(
                        "decoder", "has a step behind Fuse that needs the whole text; only Strip is supported there");
            }
        }
        return new PieceDecoder(List.copyOf(steps));
    }

    private static void addDecoderSteps(JsonFields step, List<PieceDecoder.Step> steps) {
        String type = step.text("type");
        switch (type) {
            case "Sequence" ->
                checked(step, SentencePieceKeys.SEQUENCE_OF_DECODERS)
                        .list("decoders")
                        .forEach(inner -> addDecoderSteps(inner, steps));
            case "Replace" -> {
                if (!(replace(checked(step, SentencePieceKeys.REPLACE)) instanceof NormalizerStep.Replace replace)) {
                    throw step.error("pattern", "must be a String in a decoder");
                }
                steps.add(new PieceDecoder.Replace(replace.pattern(), replace.content()));
            }
            case "ByteFallback" -> {
                checked(step, SentencePieceKeys.TYPE_ALONE);
                steps.add(new PieceDecoder.ByteFallback());
            }
            case "Fuse" -> {
                checked(step, SentencePieceKeys.TYPE_ALONE);
                steps.add(new PieceDecoder.Fuse());
            }
            case "Strip" -> {
                checked(step, SentencePieceKeys.STRIP_DECODER);
                String content = step.text("content");
                if (content.length() != 1 || content.charAt(0) >= 0x80) {
                    throw step.error("content", "must be one ASCII character; got '" + content + "'");
                }
                steps.add(new PieceDecoder.Strip(content.charAt(0), step.id("start")));
            }
            case "Metaspace" -> {
                PreSplit.Metaspace same = metaspace(step);
                steps.add(new PieceDecoder.Metaspace(same.replacement(), same.prepend(), same.cuts()));
            }
            default -> throw step.error("type", "'" + type + "' is not supported behind a SentencePiece-style model");
        }
    }

    private static JsonFields checked(JsonFields object, KnownKeys keys) {
        return object.check(keys);
    }
}
