package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SentencePiece-style vocabularies in GGUF files: the ids of llama.cpp itself, and there and back. The models
/// are written by `make_sentencepiece_golden.py` of the module tokenizer.
class GgufPiecesTest {
    private static final int RANDOM_TEXTS = 3000;

    @TempDir
    private Path folder;

    private SentencePieceTokenizer model(String name) {
        return GgufSamples.pieces(folder, name);
    }

    private Path write(TokenizerPipeline tokenizer, int rows) {
        LlamaConfig config =
                LlamaConfig.of(16, 1, 2).withVocabSize(rows).withContext(256).withHidden(16);
        Path file = folder.resolve("model.gguf");
        new GgufModel(new Llama(config, Rng.of(1)), tokenizer).write(file, GgufType.F32);
        return file;
    }

    /// Texts of the kinds that llama.cpp tries its vocabularies on: numbers of each length, leading and trailing
    /// blanks, line ends, other scripts, emojis put together, contractions, control tokens; and random ones.
    private static List<String> texts() {
        var texts = new ArrayList<>(List.of(
                "",
                " ",
                "  ",
                "   ",
                "\t",
                "\n",
                "\n\n",
                "\t\n",
                "\n\n\n",
                "Good morning",
                " Good morning",
                "  Good morning",
                "    Good morning\n    to you",
                "Good morning ",
                "Good morning, world!",
                " (",
                "\n =",
                "' tis",
                "it's, they'll, we've, I'M",
                "!!!!!!",
                "Größe und Länge, 5 ¾ Jahre",
                "Някои думи",
                "ភាសាខ្មែរ",
                "Nhà Việt Nam",
                "🦙 🚀🚀 (a rocket) 😶‍🌫️ ✅",
                "我们在 office 见 42天～",
                "<s>ab</s> c",
                "a<tool>b<start_of_turn> c",
                "the cat sat",
                "▁ ▁▁x",
                "ﬁ ① ｗｏｒｄ Å"));
        for (int n = 1; n < 10; n++) {
            texts.add("3".repeat(n));
        }
        var random = new Random(5);
        String[] words = {
            "the", " of", " and", "in", " light", "ing", "\n", "  ", " a", "é", "日本", "0", "12", "<s>", "\u0301"
        };
        for (int i = 0; i < RANDOM_TEXTS; i++) {
            var text = new StringBuilder();
            for (int k = random.nextInt(10); k > 0; k--) {
                int c = random.nextInt(1, 0x30000);
                boolean isCharacter = random.nextInt(4) == 0 && (c < 0xD800 || c > 0xDFFF);
                text.append(isCharacter ? Character.toString(c) : words[random.nextInt(words.length)]);
            }
            texts.add(text.toString());
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe-llama", "bpe-gemma", "unigram-t5"})
    void llamaCppGivesTheSameIds(String name) throws IOException, InterruptedException {
        SentencePieceTokenizer source = model(name);
        Path file = write(source, 904);
        Tokenizer read = GgufModel.read(file).tokenizer();
        List<String> texts = texts();
        List<LlamaCpp.Answer> theirs = LlamaCpp.goOn(file, texts, 0);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(read.encode(texts.get(i), read.specialTokens()))
                    .as("%d '%s'", i, texts.get(i))
                    .isEqualTo(theirs.get(i).ids());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe-llama", "bpe-gemma", "unigram-t5"})
    void comesBack(String name) throws IOException {
        SentencePieceTokenizer source = model(name);
        Path file = write(source, 904);
        byte[] first = Files.readAllBytes(file);
        TokenizerPipeline read = GgufModel.read(file).tokenizer();
        assertThat(read.vocabularySize()).isEqualTo(source.vocabularySize());
        for (String text : texts()) {
            int[] ids = read.encode(text, Set.of());
            if (!text.contains("<tool>") && !text.contains("the cat")) {
                assertThat(ids).as(text).isEqualTo(source.encode(text));
            }
            assertThat(read.decode(ids)).isEqualTo(source.decode(ids));
        }
        write(read, 904);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        Tokenizers.save(read, folder);
        Tokenizer saved = Tokenizers.load(folder);
        assertThat(Tokenizers.fingerprint(saved)).isEqualTo(Tokenizers.fingerprint(read));
        for (String text : texts().subList(0, 400)) {
            assertThat(saved.encode(text)).isEqualTo(read.encode(text));
        }
    }

    /// A vocabulary of five pieces and the 256 bytes.
    private static void small(GgufWriter file, Consumer<GgufWriter> scores, int[] types) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "▁", "a", "▁a"));
        for (int b = 0; b < 256; b++) {
            tokens.add("<0x%02X>".formatted(b));
        }
        file.put("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", tokens)
                .put("tokenizer.ggml.token_type", types);
        scores.accept(file);
    }

    private static int[] types() {
        int[] types = new int[261];
        Arrays.fill(types, 6);
        types[0] = 2;
        types[1] = 3;
        types[2] = types[3] = types[4] = 1;
        return types;
    }

    private SentencePieceTokenizer read(GgufWriter writer) {
        Path file = folder.resolve("small.gguf");
        writer.write(file);
        return GgufPieces.read(Gguf.open(file));
    }

    @Test
    void smallVocabularyIsRead() {
        var file = new GgufWriter();
        small(file, out -> out.put("tokenizer.ggml.scores", new float[261]), types());
        SentencePieceTokenizer tokenizer = read(file);
        assertThat(tokenizer.encode("a aé")).containsExactly(4, 4, 5 + 0xC3, 5 + 0xA9);
        assertThat(tokenizer.decode(4, 4, 5 + 0xC3, 5 + 0xA9)).isEqualTo("a aé");
        assertThat(tokenizer.encode("<s>a", Set.of("<s>"))).containsExactly(1, 4);
    }

    @Test
    void withoutAPrefixTheFirstWordHasNoSpace() {
        var file = new GgufWriter().put("tokenizer.ggml.add_space_prefix", false);
        small(file, out -> out.put("tokenizer.ggml.scores", new float[261]), types());
        assertThat(read(file).encode("a a")).containsExactly(3, 4);
    }

    @Test
    void unsoundVocabulariesAreRefused() {
        var noScores = new GgufWriter();
        small(noScores, out -> {}, types());
        assertThatThrownBy(() -> read(noScores))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("tokenizer.ggml.scores");

        var few = new GgufWriter();
        small(few, out -> out.put("tokenizer.ggml.scores", new float[260]), types());
        assertThatThrownBy(() -> read(few))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("261 tokens have 260 scores");

        int[] oneByteLess = types();
        oneByteLess[260] = 1;
        var bytes = new GgufWriter();
        small(bytes, out -> out.put("tokenizer.ggml.scores", new float[261]), oneByteLess);
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("255 byte pieces");

        int[] noUnknown = types();
        noUnknown[0] = 3;
        var unknown = new GgufWriter();
        small(unknown, out -> out.put("tokenizer.ggml.scores", new float[261]), noUnknown);
        assertThatThrownBy(() -> read(unknown))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("UNKNOWN");

        int[] strange = types();
        strange[7] = 9;
        var type = new GgufWriter();
        small(type, out -> out.put("tokenizer.ggml.scores", new float[261]), strange);
        assertThatThrownBy(() -> read(type)).hasMessageContaining("type 9").hasMessageContaining("small.gguf");
    }
}
