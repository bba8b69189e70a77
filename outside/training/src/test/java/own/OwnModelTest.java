package own;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OwnModelTest {

    /// A letter follows from the one before, so the loss can go to 0; guessing among 26 gives ln 26 = 3.26.
    @Test
    void itLearnsTheAlphabet() {
        OwnModel own = new OwnModel();
        double loss = own.train(100);
        assertTrue(loss < 0.1, "validation loss " + loss);
        assertEquals("defghijklm", own.write("abc", 10));
    }

    @Test
    void u8_trainingBringsNoCommandLineNoDictionaryAndNoLoggingBackend() {
        for (String foreign : new String[] {
            "org/slf4j/simple/SimpleLogger.class",
            "picocli/CommandLine.class",
            "me/tongfei/progressbar/ProgressBar.class",
            "org/jline/terminal/Terminal.class",
            "org/knowm/xchart/XYChart.class",
            "net/sf/extjwnl/data/wordnet/wn31/data.noun",
            "simplelogger.properties"
        }) {
            assertNull(getClass().getResource("/" + foreign), foreign);
        }
    }
}
