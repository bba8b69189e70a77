package own;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.train.pretrained.SentenceEmbedding;
import org.junit.jupiter.api.Test;

class OwnEmbeddingTest {

    @Test
    void u8_sentencesThatMeanTheSameAreNear() {
        SentenceEmbedding embedding = SentenceEmbedding.miniLm();
        float[] cat = embedding.embed("A cat sits on the mat.");
        float[] kitten = embedding.embed("A kitten is sitting on a rug.");
        float[] shares = embedding.embed("The price of shares fell on Monday.");
        assertEquals(384, cat.length);
        assertTrue(product(cat, kitten) > product(cat, shares) + 0.3);
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
