package gradus.train.run.text;

import gradus.error.UsageException;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.TextPart;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/// Where a training has its tokenizer from.
@FunctionalInterface
public interface TokenizerSource {
    Tokenizer of(Corpus corpus);

    /// One that somebody made before.
    ///
    /// @throws gradus.error.TokenizerException if there is none, or one that Gradus cannot read
    static TokenizerSource saved(Path folder) {
        Tokenizer tokenizer = Tokenizers.load(folder);
        return corpus -> tokenizer;
    }

    /// Made from the text: the characters that occur, or a BPE of so many tokens, which learns from the
    /// training part alone, so that the validation part stays unseen.
    ///
    /// @param tokens    of the BPE; 0 for characters
    /// @param separator the control token between documents; null for the BPE's usual one
    /// @throws UsageException if the data is tokens already
    static TokenizerSource made(int tokens, String separator) {
        return corpus -> {
            requireText(corpus);
            if (tokens == 0) {
                return CharTokenizer.of(characters(corpus.whole()));
            }
            BpeTrainerOptions options = BpeTrainerOptions.of(tokens);
            return new BpeTrainer(separator == null ? options : options.withSpecialTokens(List.of(separator)))
                    .train(corpus.training().texts());
        };
    }

    /// A WordPiece of so many tokens, which learns from the training part alone.
    ///
    /// @throws UsageException if the data is tokens already
    static TokenizerSource wordPiece(int tokens) {
        return corpus -> {
            requireText(corpus);
            return new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(tokens))
                    .train(corpus.training().texts());
        };
    }

    private static void requireText(Corpus corpus) {
        if (!corpus.tokens().isEmpty()) {
            throw new UsageException(
                    "--data is a token file; --tokenizer must name the folder of the tokenizer that made it");
        }
    }

    /// Each character once.
    private static String characters(TextPart text) {
        BitSet seen = new BitSet();
        text.forEach(block -> block.text().codePoints().forEach(seen::set));
        StringBuilder characters = new StringBuilder();
        seen.stream().forEach(characters::appendCodePoint);
        return characters.toString();
    }
}
