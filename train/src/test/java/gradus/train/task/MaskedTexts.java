package gradus.train.task;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;

/// A small tokenizer with the tokens of an encoder, and texts for it.
public final class MaskedTexts {
    /// A dozen glosses.
    public static final String TEXT = """
            cat: a small animal that sees mice
            dog: an animal that barks at a cat
            oak: a large plant with leaves
            fern: a small plant with large leaves
            run: move fast
            walk: move with small steps
            fly: move in the air
            rose: a plant with thorns
            mouse: a small animal
            ox: a large animal that can walk
            """;

    /// Every word of the texts is a token.
    public static final Tokenizer TOKENIZER =
            new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(400)).train(TEXT.repeat(5));

    private MaskedTexts() {}
}
