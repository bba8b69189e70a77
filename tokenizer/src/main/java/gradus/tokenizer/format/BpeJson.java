package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The byte-level BPE of a tokenizer.json: GPT-2's, Llama 3's and Qwen2's forms.
final class BpeJson {
    private BpeJson() {}

    /// @param own pre-tokenizers of the user's, which a file may mean beside the published ones
    static ByteLevelBpe read(JsonFields json, JsonFields model, List<PreTokenizer> own) {
        TokenizerJsonReader.onlyStep(json, "decoder", "ByteLevel", TokenizerJsonKeys.BYTE_LEVEL_DECODER);
        model.check(TokenizerJsonKeys.BYTE_LEVEL_BPE);
        Normalizer normalizer = normalizer(json);
        List<AddedToken> added = TokenizerJsonReader.addedTokens(json);
        TokenTable tokens =
                TokenTable.read(model.object("vocab"), BpeVocabulary.MAX_PIECE).add(added, json);
        BpeRules cut = cut(json, own);
        var rules = new BpeRules(
                cut.preTokenizer(),
                cut.prefixSpace(),
                model.boolOr("ignore_merges", false),
                model.has("unk_token") ? model.text("unk_token") : null,
                model.boolOr("fuse_unk", false));
        TokenizerPipeline.Frame frame = TokenizerJsonReader.frame(json, added, normalizer, tokens);
        BpeVocabulary vocabulary = BpeVocabulary.ofSpellings(tokens.model(), added, merges(model, tokens));
        if (rules.unkToken() != null && tokens.modelId(rules.unkToken()) < 0 && !vocabulary.spellsEveryByte()) {
            throw model.error("unk_token", "'" + rules.unkToken() + "' is not in the vocabulary");
        }
        return new ByteLevelBpe(vocabulary, rules, frame);
    }

    private static Normalizer normalizer(JsonFields json) {
        List<JsonFields> steps = TokenizerJsonReader.steps(json, "normalizer");
        if (steps.isEmpty()) {
            return new NoNormalizer();
        }
        TokenizerJsonReader.onlyStep(json, "normalizer", "NFC", TokenizerJsonKeys.NFC);
        return new NfcNormalizer();
    }

    /// How text is cut: a ByteLevel by GPT-2's rule, or a Split by another, then a ByteLevel that cuts no more.
    private static BpeRules cut(JsonFields json, List<PreTokenizer> own) {
        List<JsonFields> steps = TokenizerJsonReader.steps(json, "pre_tokenizer");
        boolean split =
                steps.size() == 2 && TokenizerJsonReader.type(steps.getFirst()).equals("Split");
        if (steps.size() != (split ? 2 : 1)
                || !TokenizerJsonReader.type(steps.getLast()).equals("ByteLevel")) {
            throw TokenizerJsonReader.unsupported(json, "pre_tokenizer", steps, "ByteLevel, or Split and ByteLevel");
        }
        JsonFields byteLevel = steps.getLast().check(TokenizerJsonKeys.BYTE_LEVEL);
        if (byteLevel.boolOr("use_regex", true) == split) {
            throw byteLevel.error(
                    "use_regex", split ? "must be false behind a Split" : "false needs a Split before it");
        }
        BpeRules rules = BpeRules.of(split ? split(steps.getFirst(), own) : new Gpt2PreTokenizer());
        if (!byteLevel.boolOr("add_prefix_space", true)) {
            return rules;
        }
        return rules.withPrefixSpace(split ? PrefixSpace.PIECE : PrefixSpace.TEXT);
    }

    /// A Split that leaves each match of the pattern as a piece. The pattern must be one of the known ones.
    private static PreTokenizer split(JsonFields split, List<PreTokenizer> own) {
        split.check(TokenizerJsonKeys.SPLIT);
        boolean invert = split.boolOr("invert", false);
        String behavior = split.text("behavior");
        if (!behavior.equals("Isolated") && !(behavior.equals("Removed") && invert)) {
            throw split.error("behavior", "'" + behavior + "' is not supported; expected Isolated");
        }
        String pattern =
                split.object("pattern").check(TokenizerJsonKeys.PATTERN).text("Regex");
        return PreTokenizers.ofPattern(pattern, own)
                .orElseThrow(() -> split.error(
                        "pattern",
                        "is none of the known ones ("
                                + String.join(", ", PreTokenizers.names())
                                + "), nor of a pre-tokenizer given to Tokenizers.load, and no regex from a file is run: "
                                + pattern.substring(0, Math.min(60, pattern.length()))));
    }

    /// Both spellings: `["a", "b"]` and, in older files, `"a b"`. A pair that is there twice has its last rank.
    static List<BpeVocabulary.Merge> merges(JsonFields model, TokenTable tokens) {
        List<JsonFields> list = model.list("merges");
        var lastRank = new LongTable(list.size());
        var merges = new ArrayList<BpeVocabulary.Merge>(list.size());
        for (JsonFields merge : list) {
            String[] parts = merge.node().isString() ? merge.text().split(" ", -1) : pair(merge);
            if (parts.length != 2) {
                throw merge.error("must be two tokens; got '" + String.join(" ", parts) + "'");
            }
            int left = id(tokens, parts[0], merge);
            int right = id(tokens, parts[1], merge);
            int merged = id(tokens, parts[0] + parts[1], merge);
            lastRank.put(LongTable.pair(left, right), merges.size());
            merges.add(new BpeVocabulary.Merge(left, right, merges.size(), merged));
        }
        merges.removeIf(m -> lastRank.get(LongTable.pair(m.left(), m.right())) != m.rank());
        return merges;
    }

    private static String[] pair(JsonFields merge) {
        return merge.elements().stream().map(JsonFields::text).toArray(String[]::new);
    }

    private static int id(TokenTable tokens, String token, JsonFields merge) {
        int id = tokens.modelId(token);
        if (id < 0) {
            throw merge.error("needs '" + token + "', which is not in the vocabulary");
        }
        return id;
    }

    /// The file. Throws TokenizerException if it cannot say how the text is normalized or cut.
    static ObjectNode write(ByteLevelBpe bpe) {
        PreTokenizer cut = bpe.rules().preTokenizer();
        String pattern = cut.patternInJson()
                .orElseThrow(() -> new TokenizerException("a tokenizer.json says by a regular expression how text is"
                        + " cut, and the pre-tokenizer " + cut.name() + " ("
                        + cut.getClass().getName()
                        + ") has none: let its pattern() give one that says the same"));
        Normalizer normalizer = bpe.frame().normalizer();
        if (!hasForm(normalizer)) {
            throw new TokenizerException("a tokenizer.json has no form for the normalizer "
                    + normalizer.getClass().getName() + " of a byte-level BPE; expected NoNormalizer or NfcNormalizer");
        }
        return write(bpe, pattern);
    }

    /// What the fingerprint is taken of: the file as its first version was, with the names of parts that have
    /// no form in it.
    static ObjectNode forFingerprint(ByteLevelBpe bpe) {
        PreTokenizer cut = bpe.rules().preTokenizer();
        ObjectNode root = write(bpe, cut.pattern().orElseGet(cut::name));
        Normalizer normalizer = bpe.frame().normalizer();
        if (!hasForm(normalizer)) {
            root.putObject("normalizer").put("type", nameOf(normalizer));
        }
        return root;
    }

    private static boolean hasForm(Normalizer normalizer) {
        return normalizer instanceof NoNormalizer || normalizer instanceof NfcNormalizer;
    }

    private static String nameOf(Normalizer normalizer) {
        Class<?> kind = normalizer.getClass();
        if (kind.isHidden()) {
            throw new TokenizerException("a normalizer that is a lambda has no name that a run could remember; write it"
                    + " as a class or record");
        }
        return kind.getName() + (kind.isRecord() ? " " + normalizer : "");
    }

    private static ObjectNode write(ByteLevelBpe bpe, String pattern) {
        ObjectNode root = TokenizerJsonWriter.top(bpe);
        if (bpe.frame().normalizer() instanceof NfcNormalizer) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        BpeRules rules = bpe.rules();
        boolean isGpt2 = rules.preTokenizer() instanceof Gpt2PreTokenizer;
        boolean prefixSpace = rules.prefixSpace() != PrefixSpace.NONE;
        if (isGpt2 && rules.prefixSpace() != PrefixSpace.PIECE) {
            TokenizerJsonWriter.byteLevel(root.putObject("pre_tokenizer"), prefixSpace, true);
        } else if (rules.prefixSpace() == PrefixSpace.TEXT) {
            throw new TokenizerException("a tokenizer.json cannot tell of a space before each text but not before each"
                    + " pre-token, with the pre-tokenizer "
                    + rules.preTokenizer().name());
        } else {
            ObjectNode sequence = root.putObject("pre_tokenizer").put("type", "Sequence");
            ArrayNode steps = sequence.putArray("pretokenizers");
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
            TokenizerJsonWriter.byteLevel(steps.addObject(), prefixSpace, false);
        }
        if (bpe.frame().template().equals(Template.NONE)) {
            TokenizerJsonWriter.byteLevel(root.putObject("post_processor"), false, true);
        } else {
            TokenizerJsonWriter.template(
                    root.putObject("post_processor"), bpe.frame().template());
        }
        TokenizerJsonWriter.byteLevel(root.putObject("decoder"), false, true);

        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").put("unk_token", rules.unkToken());
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", rules.fuseUnk()).put("byte_fallback", false).put("ignore_merges", rules.ignoreMerges());
        ObjectNode vocabulary = model.putObject("vocab");
        BpeVocabulary tokens = bpe.vocabulary();
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.has(id)) {
                putOnce(vocabulary, tokens.spelling(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        var seen = new HashSet<Long>(); // a pair learned twice, by twins of the same string, counts the first time
        for (BpeVocabulary.Merge merge : tokens.merges()) {
            if (seen.add(LongTable.pair(merge.left(), merge.right()))) {
                merges.addArray().add(tokens.spelling(merge.left())).add(tokens.spelling(merge.right()));
            }
        }
        return root;
    }

    private static void putOnce(ObjectNode vocabulary, String spelling, int id) {
        if (vocabulary.has(spelling)) {
            throw new TokenizerException("'" + spelling + "' spells both a special token and a piece of text; a"
                    + " tokenizer.json cannot hold both");
        }
        vocabulary.put(spelling, id);
    }
}
