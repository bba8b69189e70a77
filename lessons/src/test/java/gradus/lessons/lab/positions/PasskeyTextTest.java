package gradus.lessons.lab.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import gradus.train.task.Batch;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PasskeyTextTest {
    private static final List<String> KEY = List.of("The", "pass", "key", "is");

    /// Found by searching the words: the key is said once, asked once and answered, and the filler goes on as if
    /// the key were not there.
    @Property(tries = 200)
    void aTextSaysItsKeyOnceAndAsksForIt(
            @ForAll @IntRange(min = 24, max = 200) int length,
            @ForAll @DoubleRange(min = 0, max = 1) double depth,
            @ForAll long seed) {
        List<String> words = PasskeyText.words(length, depth, Rng.of(seed));
        assertThat(words).hasSize(length);
        int said = Collections.indexOfSubList(words, KEY);
        int asked = Collections.lastIndexOfSubList(words, KEY);
        assertThat(asked).isEqualTo(length - 7).isGreaterThan(said);
        List<String> key = words.subList(said + 4, said + 7);
        assertThat(key).allMatch(word -> word.matches("[0-9]"));
        assertThat(words.subList(asked + 4, length)).isEqualTo(key);
        assertThat((double) said).isCloseTo(depth * (length - 24), org.assertj.core.api.Assertions.within(0.5));
        assertThat(words.subList(said + 7, said + 11)).containsExactly(".", "Remember", "it", ".");
        assertThat(words.subList(asked - 6, asked)).containsExactly("What", "is", "the", "pass", "key", "?");
        String filler =
                String.join(" ", words.subList(0, said)) + " " + String.join(" ", words.subList(said + 11, asked - 6));
        String all = "The grass is green . The sky is blue . The sun is yellow . Here we go . There and back again . ";
        assertThat(all.repeat(12)).contains(filler.strip());
    }

    @Test
    void onlyTheAnswerCounts() {
        Batch batch = PasskeyText.batch(30, new double[] {0, 1}, Rng.of(4));
        assertThat(batch.counted()).isEqualTo(6);
        int[] inputs = batch.inputs().values();
        int[] targets = batch.targets().values();
        for (int row = 0; row < 2; row++) {
            int end = (row + 1) * 29;
            assertThat(Arrays.copyOfRange(targets, end - 3, end - 1))
                    .as("what is to be said next is what is read next")
                    .isEqualTo(Arrays.copyOfRange(inputs, end - 2, end));
            int said = row == 0 ? 4 : 29 - 2 - 14 - 3; // behind "The pass key is", at once or after 6 words
            assertThat(Arrays.copyOfRange(targets, end - 3, end))
                    .isEqualTo(Arrays.copyOfRange(inputs, row * 29 + said, row * 29 + said + 3));
        }
    }

    @Test
    void aKeyIsFoundOnlyIfAllItsDigitsAre() {
        Batch batch = PasskeyText.batch(24, new double[] {0, 0, 0}, Rng.of(1));
        int v = PasskeyText.vocabulary();
        float[] logits = new float[3 * 23 * v];
        int[] targets = batch.targets().values();
        for (int at = 0; at < targets.length; at++) {
            if (targets[at] >= 0) {
                logits[at * v + targets[at]] = 1;
            }
        }
        assertThat(PasskeyText.found(logits, batch)).isEqualTo(1);
        int wrong = 23 + 21; // the second digit of the second text
        logits[wrong * v + targets[wrong]] = -1;
        assertThat(PasskeyText.found(logits, batch)).isEqualTo(2.0 / 3);
    }

    @Test
    void whatHasNoRoomIsNamed() {
        assertThatThrownBy(() -> PasskeyText.words(23, 0, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a text with a passkey has at least 24 words; got 23");
        assertThatThrownBy(() -> PasskeyText.words(40, 1.1, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the depth of a passkey must be in [0, 1]; got 1.1");
    }
}
