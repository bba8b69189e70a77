package own;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNull;

import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import org.junit.jupiter.api.Test;

class OwnLayerTest {

    @Test
    void itsGradientsAreThoseOfDifferences() {
        var layer = new OwnLayer(4, 8, Rng.of(1));
        layer.to(DType.FLOAT64);
        Tensor x = Tensor.randn(Rng.of(2), 3, 4).to(DType.FLOAT64);
        assertDoesNotThrow(() -> GradientCheck.of(() -> layer.forward(x), layer.namedParameters())
                .requirePass());
    }

    @Test
    void u8_layersBringNoTokenizersAndNoCommandLine() {
        for (String foreign : new String[] {
            "gradus/train/Trainer.class",
            "gradus/tokenizer/Tokenizer.class",
            "org/slf4j/simple/SimpleLogger.class",
            "picocli/CommandLine.class",
            "org/jline/terminal/Terminal.class",
            "org/knowm/xchart/XYChart.class",
            "simplelogger.properties"
        }) {
            assertNull(getClass().getResource("/" + foreign), foreign);
        }
    }
}
