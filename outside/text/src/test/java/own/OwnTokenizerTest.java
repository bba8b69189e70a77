package own;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

class OwnTokenizerTest {

    @Test
    void aTextComesBack() {
        Tokenizer tokenizer = OwnTokenizer.train("low low low lower lower newest newest newest newest widest");
        int[] ids = tokenizer.encode("the lowest, 空 é");
        assertEquals("the lowest, 空 é", tokenizer.decode(ids));
        assertTrue(tokenizer.encode("newest").length < 6, "no pair was merged");
    }

    @Test
    void u8_tokenizersBringNoTensorsAndNoCommandLine() {
        for (String foreign : new String[] {
            "gradus/tensor/Tensor.class",
            "org/nd4j/linalg/api/ndarray/INDArray.class",
            "org/slf4j/Logger.class",
            "picocli/CommandLine.class",
            "org/jline/terminal/Terminal.class",
            "simplelogger.properties"
        }) {
            assertNull(getClass().getResource("/" + foreign), foreign);
        }
    }
}
