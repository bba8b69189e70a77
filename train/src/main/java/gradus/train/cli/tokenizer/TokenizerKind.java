package gradus.train.cli.tokenizer;

import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The tokenizers that can be made from a text.
enum TokenizerKind {
    BPE("bpe") {
        @Override
        Tokenizer train(TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress) {
            return new BpeTrainer(how.bpeOptions(), how.threads(), progress).train(text);
        }
    },
    WORDPIECE("wordpiece") {
        @Override
        Tokenizer train(TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress) {
            return new WordPieceFrequencyTrainer(how.wordPieceOptions(), how.threads(), progress).train(text);
        }
    },
    WORDPIECE_LIKELIHOOD("wordpiece-likelihood") {
        @Override
        Tokenizer train(TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress) {
            return new WordPieceLikelihoodTrainer(how.wordPieceOptions(), how.threads(), progress).train(text);
        }
    },
    CHAR("char") {
        @Override
        Tokenizer train(TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress) {
            StringBuilder seen = new StringBuilder();
            text.forEach(part -> part.codePoints()
                    .distinct()
                    .filter(c -> seen.indexOf(Character.toString(c)) < 0)
                    .forEach(seen::appendCodePoint));
            return CharTokenizer.of(seen.toString());
        }
    },
    BYTE("byte") {
        @Override
        Tokenizer train(TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress) {
            return new ByteTokenizer();
        }
    };

    private final String word;

    TokenizerKind(String word) {
        this.word = word;
    }

    /// Learns from the text, read once.
    abstract Tokenizer train(
            TokenizerTrainCommand how, Iterable<String> text, gradus.tokenizer.corpus.Progress progress);

    static String names() {
        return Arrays.stream(values()).map(TokenizerKind::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return word;
    }

    /// Finds a kind by its name.
    static final class ByName implements ITypeConverter<TokenizerKind> {
        @Override
        public TokenizerKind convert(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no kind " + name + " of tokenizer; there are " + names()));
        }
    }
}
