package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.format.config.FolderTokens;
import gradus.tokenizer.format.config.TokenizerClass;
import gradus.tokenizer.format.config.TokenizerConfig;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.TextLines;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.Qwen2PreTokenizer;
import gradus.tokenizer.text.LongTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A byte-level BPE in two files: `vocab.json`, a JSON object from token to id, and `merges.txt`, one merge a
/// line in the order of learning, under the heading `#version: 0.2`. GPT-2's own form; Qwen2 and RoBERTa have
/// it too. The files do not tell how text is cut: the class in tokenizer_config.json does, and without one
/// GPT-2's rule is taken.
public final class Gpt2Files {
    private static final String END_OF_TEXT = "<|endoftext|>";

    private Gpt2Files() {}

    /// Reads the two files alone, for GPT-2; `<|endoftext|>`, where it is in the vocabulary, is special. Throws
    /// TokenizerException.
    public static ByteLevelBpe read(Path vocabJson, Path mergesTxt) {
        TokenTable tokens = TokenTable.read(JsonFile.read(vocabJson), BpeVocabulary.MAX_PIECE);
        int end = tokens.modelId(END_OF_TEXT);
        List<AddedToken> added = end >= 0 ? List.of(AddedToken.special(end, END_OF_TEXT)) : List.of();
        return new ByteLevelBpe(
                BpeVocabulary.ofSpellings(tokens.model(), added, merges(mergesTxt, tokens)),
                BpeRules.of(new Gpt2PreTokenizer()),
                TokenizerPipeline.Frame.of(added, new NoNormalizer()));
    }

    /// Reads the two files of a folder and what tokenizer_config.json and its older companions say of them.
    static ByteLevelBpe read(Path folder) {
        Path vocabJson = folder.resolve("vocab.json");
        Path mergesTxt = folder.resolve("merges.txt");
        TokenizerConfig config = TokenizerConfig.read(folder);
        TokenizerClass kind = TokenizerClass.of(folder, config);
        boolean qwen2 = kind.family() == TokenizerClass.Family.QWEN2;
        Normalizer normalizer = qwen2 ? new NfcNormalizer() : new NoNormalizer();
        PreTokenizer cut = switch (kind.family()) {
            case GPT2, ROBERTA, NONE -> new Gpt2PreTokenizer();
            case QWEN2 -> new Qwen2PreTokenizer();
            case GENERIC, BERT, OTHER ->
                throw new TokenizerException("%s: '%s' does not tell how the text of vocab.json and merges.txt is"
                                .formatted(kind.source(), kind.name())
                        + " cut; without tokenizer.json one of these is needed: "
                        + TokenizerClass.known(List.of(
                                TokenizerClass.Family.GPT2,
                                TokenizerClass.Family.QWEN2,
                                TokenizerClass.Family.ROBERTA)));
        };
        TokenTable tokens = TokenTable.read(JsonFile.read(vocabJson), BpeVocabulary.MAX_PIECE);
        Map<String, AddedToken> defaults =
                kind.family() == TokenizerClass.Family.NONE ? inVocabulary(tokens) : kind.defaults();
        FolderTokens told = FolderTokens.of(tokens.model().size(), tokens::modelId, List.of(), config, defaults);
        FolderTokens folderTokens = qwen2 ? told.withPlainSpecials(config) : told;
        tokens.add(folderTokens.added(), config.json());
        TokenizerFolder.normalizer(normalizer, config, false); // refuses what only BERT's normalizer could do
        var bpe = new ByteLevelBpe(
                BpeVocabulary.ofSpellings(tokens.model(), folderTokens.added(), merges(mergesTxt, tokens)),
                BpeRules.of(cut),
                TokenizerPipeline.Frame.of(folderTokens.added(), normalizer)
                        .withTemplate(template(kind, folderTokens))
                        .withRoles(folderTokens.roles()));
        return bpe.withPrefixSpace(config.flag("add_prefix_space").orElse(false));
    }

    private static Map<String, AddedToken> inVocabulary(TokenTable tokens) {
        return tokens.modelId(END_OF_TEXT) < 0 ? Map.of() : Map.of("eos_token", AddedToken.special(0, END_OF_TEXT));
    }

    private static Template template(TokenizerClass kind, FolderTokens tokens) {
        if (kind.family() == TokenizerClass.Family.ROBERTA) {
            Template.Special cls = tokens.special("cls_token");
            Template.Special sep = tokens.special("sep_token");
            return cls == null || sep == null ? Template.NONE : Template.roberta(cls, sep);
        }
        return Template.bounds(
                tokens.roles().addBos().orElse(false) ? tokens.special("bos_token") : null,
                tokens.roles().addEos().orElse(false) ? tokens.special("eos_token") : null);
    }

    private static List<BpeVocabulary.Merge> merges(Path file, TokenTable tokens) {
        List<String> lines = TextLines.read(file);
        var merges = new ArrayList<BpeVocabulary.Merge>();
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n);
            if (n == 0 && line.startsWith("#version") || line.isEmpty() && n == lines.size() - 1) {
                continue;
            }
            String[] parts = line.split(" ", -1);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                throw new TokenizerException(
                        file + ":" + (n + 1) + ": a merge is two tokens and one space between; got '"
                                + line.substring(0, Math.min(60, line.length())) + "'");
            }
            for (String token : List.of(parts[0], parts[1], parts[0] + parts[1])) {
                if (tokens.modelId(token) < 0) {
                    throw new TokenizerException(
                            file + ":" + (n + 1) + ": the merge needs '" + token + "', which is not in the vocabulary");
                }
            }
            merges.add(new BpeVocabulary.Merge(
                    tokens.modelId(parts[0]),
                    tokens.modelId(parts[1]),
                    merges.size(),
                    tokens.modelId(parts[0] + parts[1])));
        }
        return merges;
    }

    /// Writes the two files into the folder. They cannot say which pre-tokenizer is meant: readers take GPT-2's.
    public static void write(ByteLevelBpe tokenizer, Path folder) {
        BpeVocabulary vocabulary = tokenizer.vocabulary();
        ObjectNode tokens = JsonFile.object();
        for (int id = 0; id < vocabulary.size(); id++) {
            tokens.put(vocabulary.spelling(id), id);
        }
        var merges = new StringBuilder("#version: 0.2\n");
        var seen = new HashSet<Long>();
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            if (seen.add(LongTable.pair(merge.left(), merge.right()))) {
                merges.append(vocabulary.spelling(merge.left()))
                        .append(' ')
                        .append(vocabulary.spelling(merge.right()))
                        .append('\n');
            }
        }
        JsonFile.writeText(folder, "vocab.json", JsonFile.compact(tokens));
        JsonFile.writeText(folder, "merges.txt", merges.toString());
    }
}
