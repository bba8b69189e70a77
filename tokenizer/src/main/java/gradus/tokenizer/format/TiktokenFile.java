package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.TextLines;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.text.ByteStringTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// OpenAI's rank files (`r50k_base`, `cl100k_base`, `o200k_base`): one token a line, its bytes in Base64, then
/// its rank, which is both its id and its place in the order of learning. Source: openai/tiktoken, `load.py`.
///
/// The files tell no merges. tiktoken joins any two neighbours whose join is a token, the lowest rank first; so
/// each split of a token into two tokens becomes a merge with that token's rank. Cost O(Σ length²) over the
/// tokens.
public final class TiktokenFile {
    private static final int MOST_HOLES = 1024;

    private TiktokenFile() {}

    /// Reads a rank file. The pre-tokenizer and the special tokens with their ids are not in it: they belong to
    /// the encoding's name. An id that neither has is filled with `<|unused_ID|>`: cl100k leaves out 100256.
    public static ByteLevelBpe read(Path file, PreTokenizer preTokenizer, Map<String, Integer> specialTokens) {
        return parse(JsonFile.readBytes(file), file.toString(), preTokenizer, specialTokens);
    }

    static ByteLevelBpe parse(
            byte[] content, String source, PreTokenizer preTokenizer, Map<String, Integer> specialTokens) {
        List<String> lines = TextLines.of(content, source);
        var tokens = new ArrayList<byte[]>();
        var table = new ByteStringTable(lines.size());
        for (int n = 0; n < lines.size(); n++) {
            String where = source + ":" + (n + 1) + ": ";
            String[] parts = lines.get(n).split(" ", -1);
            byte[] token = parts.length == 2 ? base64(parts[0]) : null;
            int rank = parts.length == 2 ? number(parts[1]) : -1;
            if (token == null || token.length == 0 || rank < 0) {
                throw new TokenizerException(where + "expected Base64, a space and a rank");
            }
            if (token.length > BpeVocabulary.MAX_PIECE) {
                throw new TokenizerException(
                        where + "a piece of " + token.length + " bytes; the limit is " + BpeVocabulary.MAX_PIECE);
            }
            if (table.add(token) != n) {
                throw new TokenizerException(where + "the token is there twice");
            }
            put(tokens, rank, token, lines.size() + MOST_HOLES, where);
        }
        List<AddedToken> added = new ArrayList<>();
        specialTokens.forEach((text, id) -> {
            added.add(AddedToken.special(id, text));
            put(tokens, id, text.getBytes(StandardCharsets.UTF_8), lines.size() + MOST_HOLES, source + ": ");
        });
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) == null) {
                String unused = "<|unused_" + id + "|>";
                tokens.set(id, unused.getBytes(StandardCharsets.UTF_8));
                added.add(AddedToken.special(id, unused));
            }
        }
        var rules = BpeRules.of(preTokenizer).withIgnoreMerges(true);
        var frame = TokenizerPipeline.Frame.of(added, new NoNormalizer());
        BpeVocabulary ranks = BpeVocabulary.of(tokens, added, List.of());
        return new ByteLevelBpe(BpeVocabulary.of(tokens, added, merges(ranks)), rules, frame);
    }

    private static void put(List<byte[]> tokens, int id, byte[] token, int limit, String where) {
        if (id < 0 || id >= limit) {
            throw new TokenizerException(where + "id " + id + " leaves a gap; expected ids below " + limit);
        }
        while (tokens.size() <= id) {
            tokens.add(null);
        }
        if (tokens.set(id, token) != null) {
            throw new TokenizerException(where + "id " + id + " is there twice");
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// Every split of every token into two tokens, by the token's rank, then by the left part's.
    private static List<BpeVocabulary.Merge> merges(BpeVocabulary ranks) {
        var merges = new ArrayList<BpeVocabulary.Merge>();
        for (int id = 0; id < ranks.size(); id++) {
            byte[] token = ranks.bytes(id);
            if (ranks.idOf(token, 0, token.length) != id) {
                continue; // a special token
            }
            var splits = new ArrayList<BpeVocabulary.Merge>();
            for (int cut = 1; cut < token.length; cut++) {
                int left = ranks.idOf(token, 0, cut);
                int right = left < 0 ? -1 : ranks.idOf(token, cut, token.length);
                if (right >= 0) {
                    splits.add(new BpeVocabulary.Merge(left, right, id, id));
                }
            }
            splits.sort(Comparator.comparingInt(BpeVocabulary.Merge::left));
            merges.addAll(splits);
        }
        return merges;
    }

    /// The file of a tokenizer whose merges are in the order of its ids, as trained ones are. Throws
    /// TokenizerException if a token's rank would not be the place of its merge.
    public static void write(ByteLevelBpe tokenizer, Path folder, String name) {
        BpeVocabulary vocabulary = tokenizer.vocabulary();
        var lines = new StringBuilder();
        int last = -1;
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            if (merge.merged() < last) {
                throw new TokenizerException("a rank file cannot hold this tokenizer: the merge to '"
                        + vocabulary.spelling(merge.merged()) + "' is not in the order of ids");
            }
            last = merge.merged();
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            if (vocabulary.idOf(token, 0, token.length) == id) {
                lines.append(Base64.getEncoder().encodeToString(token))
                        .append(' ')
                        .append(id)
                        .append('\n');
            }
        }
        JsonFile.writeText(folder, name, lines.toString());
    }
}
