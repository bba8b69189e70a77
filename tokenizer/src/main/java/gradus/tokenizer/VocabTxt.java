package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// BERT's `vocab.txt`: one piece a line, the id is the line's number from 0. Source: google-research/bert.
public final class VocabTxt {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private VocabTxt() {}

    /// Reads the pieces. The file does not tell how text is normalised: `BertNormalizer.uncased()` for uncased
    /// models.
    public static WordPiece read(Path file, BertNormalizer normalizer) {
        List<String> tokens = TextLines.read(file);
        for (int n = 0; n < tokens.size(); n++) {
            String token = tokens.get(n);
            if (token.isEmpty() || token.length() > WordPieceVocabulary.MAX_PIECE) {
                throw new TokenizerException(file + ":" + (n + 1) + ": a piece must have 1 to "
                        + WordPieceVocabulary.MAX_PIECE + " chars; got " + token.length());
            }
        }
        return bert(tokens, normalizer);
    }

    /// A WordPiece with BERT's rules and special tokens, as far as the vocabulary has them.
    static WordPiece bert(List<String> tokens, BertNormalizer normalizer) {
        var vocabulary = new WordPieceVocabulary(tokens, WordPieceRules.BERT.continuingSubwordPrefix());
        var added = new ArrayList<AddedToken>();
        for (String special : SPECIAL) {
            if (vocabulary.id(special) >= 0) {
                added.add(AddedToken.special(vocabulary.id(special), special));
            }
        }
        int cls = vocabulary.id("[CLS]");
        int sep = vocabulary.id("[SEP]");
        Template template = cls >= 0 && sep >= 0 ? Template.bert(cls, sep) : Template.NONE;
        return new WordPiece(
                vocabulary,
                WordPieceRules.BERT,
                new TokenizerPipeline.Frame(new AddedTokens(added, normalizer), normalizer, template, null, null));
    }

    public static void write(WordPiece tokenizer, Path folder) {
        var lines = new StringBuilder();
        tokenizer.vocabulary().tokens().forEach(token -> lines.append(token).append('\n'));
        JsonFile.writeText(folder, "vocab.txt", lines.toString());
    }
}
