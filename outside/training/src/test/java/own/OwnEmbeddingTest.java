package own;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.layers.model.BertConfig;
import gradus.layers.model.BertEncoder;
import gradus.tensor.Rng;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Tokenizers;
import gradus.train.checkpoint.OnnxWeights;
import gradus.train.checkpoint.Weights;
import gradus.train.pretrained.SentenceEmbedding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnEmbeddingTest {
    @TempDir
    private Path folder;

    @Test
    void sentencesThatMeanTheSameAreNear() throws IOException {
        unpack("/all-minilm-l6-v2.onnx", "model.onnx");
        unpack("/all-minilm-l6-v2-tokenizer.json", "tokenizer.json");
        BertEncoder encoder = new BertEncoder(BertConfig.miniLm(), Rng.of(1));
        Weights.load(OnnxWeights.open(folder.resolve("model.onnx")), encoder);
        SentenceEmbedding embedding = new SentenceEmbedding(encoder, (TokenizerPipeline) Tokenizers.load(folder));
        float[] cat = embedding.embed("A cat sits on the mat.");
        float[] kitten = embedding.embed("A kitten is sitting on a rug.");
        float[] shares = embedding.embed("The price of shares fell on Monday.");
        assertEquals(384, cat.length);
        assertTrue(product(cat, kitten) > product(cat, shares) + 0.3);
    }

    private void unpack(String resource, String file) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            Files.copy(in, folder.resolve(file));
        }
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
