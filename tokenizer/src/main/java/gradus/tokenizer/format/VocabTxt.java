package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.format.config.FolderTokens;
import gradus.tokenizer.format.config.TokenizerClass;
import gradus.tokenizer.format.config.TokenizerConfig;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.TextLines;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// BERT's `vocab.txt`: one piece a line, the id is the line's number from 0. Source: google-research/bert.
public final class VocabTxt {
    private VocabTxt() {}

    /// Reads the pieces alone. The file does not tell how text is normalised: `BertNormalizer.uncased()` for
    /// uncased models. White space at a line's end is no part of the piece, and an empty line is an id without
    /// a piece.
    public static WordPiece read(Path file, BertNormalizer normalizer) {
        return WordPiece.bert(pieces(file), normalizer);
    }

    /// Reads vocab.txt of a folder and what tokenizer_config.json and its older companions say of it. Without a
    /// word on it, text is lower-cased.
    static WordPiece read(Path folder) {
        TokenizerConfig config = TokenizerConfig.read(folder);
        TokenizerClass kind = TokenizerClass.of(folder, config);
        if (kind.family() != TokenizerClass.Family.BERT && kind.family() != TokenizerClass.Family.NONE) {
            throw new TokenizerException(("%s: '%s' does not tell how the text of vocab.txt is cut; without"
                            + " tokenizer.json one of these is needed: %s")
                    .formatted(kind.source(), kind.name(), TokenizerClass.known(List.of(TokenizerClass.Family.BERT))));
        }
        if (config.flag("add_prefix_space").orElse(false)) {
            throw config.json().error("add_prefix_space", "= true is not supported with WordPiece");
        }
        List<String> pieces = pieces(folder.resolve("vocab.txt"));
        Normalizer normalizer = TokenizerFolder.normalizer(BertNormalizer.uncased(), config, false);
        TokenTable tokens = TokenTable.of(pieces);
        Map<String, AddedToken> defaults = kind.defaults();
        if (kind.family() == TokenizerClass.Family.NONE) { // then none that the vocabulary lacks is made up
            defaults = new LinkedHashMap<>(TokenizerClass.BERT_ROLES);
            defaults.values().removeIf(token -> tokens.modelId(token.content()) < 0);
        }
        FolderTokens folderTokens = FolderTokens.of(pieces.size(), tokens::modelId, List.of(), config, defaults);
        tokens.add(folderTokens.added(), config.json());
        checkNeverSplit(config, folderTokens);
        Template.Special cls = folderTokens.special("cls_token");
        Template.Special sep = folderTokens.special("sep_token");
        Template.Special unk = folderTokens.special("unk_token");
        var rules = new WordPieceRules(
                unk == null ? WordPieceRules.BERT.unkToken() : unk.token(),
                WordPieceRules.BERT.continuingSubwordPrefix(),
                WordPieceRules.BERT.maxInputCharsPerWord(),
                WordPieceRules.BERT.cleanup());
        return new WordPiece(
                new WordPieceVocabulary(pieces, rules.continuingSubwordPrefix()),
                rules,
                TokenizerPipeline.Frame.of(folderTokens.added(), normalizer)
                        .withTemplate(cls == null || sep == null ? Template.NONE : Template.bert(cls, sep))
                        .withRoles(folderTokens.roles()));
    }

    /// Special tokens are never split anyway; other words that are to stay whole would have to be kept from the
    /// normalizer too.
    private static void checkNeverSplit(TokenizerConfig config, FolderTokens tokens) {
        if (config.json().has("never_split")) {
            for (JsonFields word : config.json().list("never_split")) {
                if (tokens.added().stream().noneMatch(token -> token.content().equals(word.text()))) {
                    throw word.error("'" + word.text() + "' is not supported: only special tokens can be kept whole");
                }
            }
        }
    }

    private static List<String> pieces(Path file) {
        List<String> pieces = new ArrayList<>();
        var seen = new HashSet<String>();
        for (String line : TextLines.read(file)) {
            int end = line.length();
            while (end > 0 && CharClass.isWhiteSpace(line.charAt(end - 1))) {
                end--;
            }
            String piece = line.substring(0, end);
            String where = file + ":" + (pieces.size() + 1) + ": ";
            if (piece.length() > WordPieceVocabulary.MAX_PIECE) {
                throw new TokenizerException(where + "a piece must have at most " + WordPieceVocabulary.MAX_PIECE
                        + " chars; got " + piece.length());
            }
            if (!piece.isEmpty() && !seen.add(piece)) {
                throw new TokenizerException(where + "the token '" + piece + "' is in the vocabulary twice");
            }
            pieces.add(piece.isEmpty() ? null : piece);
        }
        return pieces;
    }

    /// Writes the pieces; an id without one is an empty line.
    public static void write(WordPiece tokenizer, Path folder) {
        var lines = new StringBuilder();
        tokenizer
                .vocabulary()
                .tokens()
                .forEach(token -> lines.append(token == null ? "" : token).append('\n'));
        JsonFile.writeText(folder, "vocab.txt", lines.toString());
    }
}
