package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// GPT-2's two files: `vocab.json`, a JSON object from token to id, and `merges.txt`, one merge a line in the order
/// of learning, under the heading `#version: 0.2`.
public final class Gpt2Files {
    private static final String END_OF_TEXT = "<|endoftext|>";

    private Gpt2Files() {}

    /// Reads the two files; `<|endoftext|>`, where it is in the vocabulary, is special. Throws TokenizerException.
    public static ByteLevelBpe read(Path vocabJson, Path mergesTxt) {
        JsonFields vocabulary = JsonFile.read(vocabJson);
        Map<String, JsonFields> fields = vocabulary.fields();
        String[] tokens = new String[fields.size()];
        fields.forEach((token, value) -> {
            int id = value.id();
            if (token.length() > BpeVocabulary.MAX_PIECE) {
                throw value.error(
                        "is a piece of " + token.length() + " chars; the limit is " + BpeVocabulary.MAX_PIECE);
            }
            if (id >= tokens.length) {
                throw value.error("has id " + id + " among " + tokens.length + " tokens: ids must run without gaps");
            }
            if (tokens[id] != null) {
                throw value.error("has id " + id + ", and so has '" + tokens[id] + "'");
            }
            tokens[id] = token;
        });
        List<AddedToken> added = fields.containsKey(END_OF_TEXT)
                ? List.of(AddedToken.special(fields.get(END_OF_TEXT).id(), END_OF_TEXT))
                : List.of();
        var frame = new TokenizerPipeline.Frame(
                new AddedTokens(added, new NoNormalizer()), new NoNormalizer(), Template.NONE, null, null);
        return new ByteLevelBpe(
                BpeVocabulary.ofSpellings(Arrays.asList(tokens), added, merges(mergesTxt, fields)),
                BpeRules.of(new Gpt2PreTokenizer()),
                frame);
    }

    private static List<BpeVocabulary.Merge> merges(Path file, Map<String, JsonFields> ids) {
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
                if (!ids.containsKey(token)) {
                    throw new TokenizerException(
                            file + ":" + (n + 1) + ": the merge needs '" + token + "', which is not in the vocabulary");
                }
            }
            merges.add(new BpeVocabulary.Merge(
                    ids.get(parts[0]).id(),
                    ids.get(parts[1]).id(),
                    merges.size(),
                    ids.get(parts[0] + parts[1]).id()));
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
