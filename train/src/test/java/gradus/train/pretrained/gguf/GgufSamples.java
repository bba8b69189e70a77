package gradus.train.pretrained.gguf;

import gradus.error.TokenizerException;
import gradus.layers.Layer;
import gradus.layers.model.Bert;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.format.SentencePieces;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.GgufType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// Small models and tokenizers of each kind that a GGUF file can hold.
final class GgufSamples {
    static final LlamaConfig SMALL = LlamaConfig.of(64, 4, 2)
            .withVocabSize(300)
            .withContext(16)
            .withKvHeads(2)
            .withHidden(96);

    private static final List<String> PIECES = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "whale", "##s", "w", "##h", "##ale", "é", "e", ",",
            "T", "##he");

    private GgufSamples() {}

    static ByteLevelBpe bytes() {
        try {
            return (ByteLevelBpe) Tokenizers.load(Path.of(GgufSamples.class
                    .getResource("/gradus/train/pretrained/llama_tokenizer")
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /// @param lowercase as tokenizer_config.json has it
    static WordPiece words(Path folder, boolean lowercase) {
        try {
            Path own = Files.createTempDirectory(folder, "words");
            Files.write(own.resolve("vocab.txt"), PIECES);
            Files.writeString(own.resolve("tokenizer_config.json"), """
                    {"tokenizer_class": "BertTokenizer", "do_lower_case": %s}""".formatted(lowercase));
            return (WordPiece) Tokenizers.load(own);
        } catch (IOException | TokenizerException e) {
            throw new AssertionError(e);
        }
    }

    /// A vocabulary of SentencePiece's, as make_sentencepiece_golden.py of the module tokenizer made it.
    static SentencePieceTokenizer pieces(Path folder, String name) {
        try (InputStream in = GgufSamples.class.getResourceAsStream("/sentencepiece/" + name + ".model.gz")) {
            Path file = Files.write(folder.resolve(name + ".model"), new GZIPInputStream(in).readAllBytes());
            return SentencePieces.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Weights large enough that every part of the model counts.
    static <M extends Layer> M stirred(M model) {
        model.namedParameters().forEach((name, p) -> {
            if (p.rank() > 1) {
                p.copyFrom(Tensor.randn(Rng.of(9).at(name), p.shape().dims()).mul(0.3));
            }
        });
        model.eval();
        return model;
    }

    static Layer model(String kind) {
        return stirred(
                switch (kind) {
                    case "LLAMA" -> new Llama(SMALL, Rng.of(1));
                    case "PIECES", "UNIGRAM" -> new Llama(SMALL.withVocabSize(904), Rng.of(1));
                    case "MIXTRAL" -> new Mixtral(SMALL, 3, 2, Rng.of(1));
                    case "QWEN2" -> new Qwen2(SMALL, Rng.of(1));
                    case "GPT2" -> new Gpt(new GptConfig(300, 16, 2, 4, 64, 0), Rng.of(1));
                    case "BERT" -> new Bert(new BertConfig(20, 16, 2, 2, 4, 64, 96, 0, 1e-12), Rng.of(1));
                    default -> throw new AssertionError(kind);
                });
    }

    static void write(Path file, String kind) {
        TokenizerPipeline tokenizer = switch (kind) {
            case "BERT" -> words(file.getParent(), true);
            case "PIECES" -> pieces(file.getParent(), "bpe-llama");
            case "UNIGRAM" -> pieces(file.getParent(), "unigram-t5");
            default -> bytes();
        };
        GgufPooling pooling = kind.equals("BERT") ? GgufPooling.MEAN : null;
        new GgufModel(model(kind), tokenizer, pooling).write(file, GgufType.F32);
    }
}
