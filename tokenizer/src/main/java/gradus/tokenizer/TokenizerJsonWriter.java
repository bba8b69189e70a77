package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.text.LongTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes Hugging Face's tokenizer.json, so that their library reads the same ids out of it.
/// Source: huggingface/tokenizers, `tokenizer/serialization.rs` and the parts' own.
final class TokenizerJsonWriter {
    private TokenizerJsonWriter() {}

    /// @param pattern the pre-tokenizer's, in the spelling that is wanted
    static ObjectNode write(ByteLevelBpe bpe, String pattern) {
        ObjectNode root = top(bpe);
        if (bpe.frame().normalizer() instanceof NfcNormalizer) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        BpeRules rules = bpe.rules();
        boolean isGpt2 = rules.preTokenizer() instanceof Gpt2PreTokenizer;
        boolean prefixSpace = rules.prefixSpace() != PrefixSpace.NONE;
        if (isGpt2 && rules.prefixSpace() != PrefixSpace.PIECE) {
            byteLevel(root.putObject("pre_tokenizer"), prefixSpace, true);
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
            byteLevel(steps.addObject(), prefixSpace, false);
        }
        if (bpe.frame().template().equals(Template.NONE)) {
            byteLevel(root.putObject("post_processor"), false, true);
        } else {
            template(root.putObject("post_processor"), bpe.frame().template());
        }
        byteLevel(root.putObject("decoder"), false, true);

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

    static ObjectNode write(WordPiece wordPiece) {
        ObjectNode root = top(wordPiece);
        if (wordPiece.frame().normalizer() instanceof BertNormalizer bert) {
            root.putObject("normalizer")
                    .put("type", "BertNormalizer")
                    .put("clean_text", bert.cleanText())
                    .put("handle_chinese_chars", bert.handleChineseChars())
                    .put("strip_accents", bert.stripAccents())
                    .put("lowercase", bert.lowercase());
        } else {
            root.putNull("normalizer");
        }
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        if (wordPiece.frame().template().equals(Template.NONE)) {
            root.putNull("post_processor");
        } else {
            template(root.putObject("post_processor"), wordPiece.frame().template());
        }
        WordPieceRules rules = wordPiece.rules();
        root.putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", rules.continuingSubwordPrefix())
                .put("cleanup", rules.cleanup());
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", rules.unkToken())
                .put("continuing_subword_prefix", rules.continuingSubwordPrefix())
                .put("max_input_chars_per_word", rules.maxInputCharsPerWord());
        ObjectNode vocabulary = model.putObject("vocab");
        List<String> tokens = wordPiece.vocabulary().tokens();
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) != null) {
                vocabulary.put(tokens.get(id), id);
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

    static ObjectNode top(TokenizerPipeline tokenizer) {
        ObjectNode root = JsonFile.object().put("version", "1.0");
        tokenizer.truncation().ifPresentOrElse(t -> truncation(root, t), () -> root.putNull("truncation"));
        tokenizer.padding().ifPresentOrElse(p -> padding(root, p), () -> root.putNull("padding"));
        ArrayNode added = root.putArray("added_tokens");
        for (AddedToken token : tokenizer.frame().added().all()) {
            added(added, token);
        }
        return root;
    }

    static void added(ArrayNode list, AddedToken token) {
        list.addObject()
                .put("id", token.id())
                .put("content", token.content())
                .put("single_word", token.singleWord())
                .put("lstrip", token.lstrip())
                .put("rstrip", token.rstrip())
                .put("normalized", token.normalized())
                .put("special", token.special());
    }

    private static void truncation(ObjectNode root, Truncation truncation) {
        root.putObject("truncation")
                .put("direction", truncation.fromLeft() ? "Left" : "Right")
                .put("max_length", truncation.maxLength())
                .put("strategy", "LongestFirst")
                .put("stride", truncation.stride());
    }

    private static void padding(ObjectNode root, Padding padding) {
        ObjectNode node = root.putObject("padding");
        if (padding.fixedLength() > 0) {
            node.putObject("strategy").put("Fixed", padding.fixedLength());
        } else {
            node.put("strategy", "BatchLongest");
        }
        node.put("direction", padding.onLeft() ? "Left" : "Right");
        node.put("pad_to_multiple_of", padding.toMultipleOf() == 0 ? null : (Integer) padding.toMultipleOf());
        node.put("pad_id", padding.id()).put("pad_type_id", padding.typeId()).put("pad_token", padding.token());
    }

    private static void byteLevel(ObjectNode node, boolean addPrefixSpace, boolean useRegex) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", addPrefixSpace)
                .put("trim_offsets", false)
                .put("use_regex", useRegex);
    }

    static void template(ObjectNode node, Template template) {
        node.put("type", "TemplateProcessing");
        parts(node.putArray("single"), template.single());
        parts(node.putArray("pair"), template.pair());
        ObjectNode specials = node.putObject("special_tokens");
        Set<String> seen = new HashSet<>();
        for (List<Template.Part> parts : List.of(template.single(), template.pair())) {
            for (Template.Part part : parts) {
                if (part instanceof Template.Special special && seen.add(special.token())) {
                    ObjectNode entry = specials.putObject(special.token()).put("id", special.token());
                    entry.putArray("ids").add(special.id());
                    entry.putArray("tokens").add(special.token());
                }
            }
        }
    }

    private static void parts(ArrayNode node, List<Template.Part> parts) {
        for (Template.Part part : parts) {
            switch (part) {
                case Template.Special special ->
                    node.addObject()
                            .putObject("SpecialToken")
                            .put("id", special.token())
                            .put("type_id", special.typeId());
                case Template.Sequence sequence ->
                    node.addObject()
                            .putObject("Sequence")
                            .put("id", sequence.second() ? "B" : "A")
                            .put("type_id", sequence.typeId());
            }
        }
    }
}
