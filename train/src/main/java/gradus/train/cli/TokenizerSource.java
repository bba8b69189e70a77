package gradus.train.cli;

import gradus.tokenizer.BpeTrainer;
import gradus.tokenizer.BpeTrainerOptions;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.Tokenizers;
import gradus.train.corpus.Corpus;
import java.nio.file.Path;

/// Where a training has its tokenizer from.
@FunctionalInterface
interface TokenizerSource {
    Tokenizer of(Corpus corpus);

    /// One that somebody made before.
    ///
    /// @throws gradus.error.TokenizerException if there is none, or one that Gradus cannot read
    static TokenizerSource saved(Path folder) {
        Tokenizer tokenizer = Tokenizers.load(folder);
        return corpus -> tokenizer;
    }

    /// Made from the text: the characters that occur, or a BPE of so many tokens, which learns from the training part
    /// alone, so that the validation part stays unseen.
    ///
    /// @param tokens of the BPE; 0 for characters
    static TokenizerSource made(int tokens) {
        return corpus -> tokens == 0
                ? CharTokenizer.of(corpus.text())
                : new BpeTrainer(BpeTrainerOptions.of(tokens)).train(corpus.training());
    }
}
