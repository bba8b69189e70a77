package gradus.train.task;

import static gradus.train.task.InstructionTuningTest.CONTEXT;
import static gradus.train.task.InstructionTuningTest.VOCAB;
import static gradus.train.task.InstructionTuningTest.examples;
import static gradus.train.task.InstructionTuningTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import gradus.train.task.InstructionTuningTest.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// By what a training on conversations knows its data again, and what it refuses.
class ConversationsKnownTest {
    @Test
    void otherDataOrAnotherLayoutHaveAnotherFingerprint() {
        LanguageModel model = Kind.GPT2.model(1);
        List<String> fingerprints = new ArrayList<>();
        fingerprints.add(task(model, examples(1, 5), 1, 1, true).fingerprint());
        fingerprints.add(task(model, examples(1, 5), 1, 1, false).fingerprint());
        fingerprints.add(task(model, examples(2, 5), 1, 1, true).fingerprint());
        Examples marked = new Examples();
        marked.add(new int[] {1, 2, 3}, new boolean[] {false, true, true});
        Examples less = new Examples();
        less.add(new int[] {1, 2, 3}, new boolean[] {false, false, true});
        fingerprints.add(task(model, marked, 1, 1, true).fingerprint());
        fingerprints.add(task(model, less, 1, 1, true).fingerprint());
        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatCannotBeLearned() {
        LanguageModel model = Kind.GPT2.model(1);
        Examples examples = new Examples();
        assertThatThrownBy(() -> task(model, examples, 1, 1, true))
                .isInstanceOf(DataException.class)
                .hasMessage("there is no conversation to learn from");
        assertThatThrownBy(() -> examples.add(new int[] {1, 2}, new boolean[] {true, false}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing of the 2 ids is learned");
        assertThatThrownBy(() -> examples.add(new int[] {1, 2}, new boolean[] {true}))
                .hasMessageContaining("2 ids and 1 marks");
        examples.add(new int[] {1, VOCAB}, new boolean[] {false, true});
        assertThatThrownBy(() -> task(model, examples, 1, 1, true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("token 13 is outside the vocabulary 0..12"); // BAD-INPUT 92
        Examples tooLong = new Examples();
        boolean[] all = new boolean[CONTEXT + 2];
        Arrays.fill(all, true);
        tooLong.add(new int[CONTEXT + 2], all);
        assertThatThrownBy(() -> task(model, tooLong, 1, 1, true))
                .hasMessage("packing: an example must take 1 to 24 places; got 25");
        Gpt sparse = new Gpt(
                new GptConfig(VOCAB, CONTEXT, 1, 2, 8, 0.0).withAttention(new Attentions.ShiftedSparse(4, 2)),
                Rng.of(1));
        assertThatThrownBy(() -> task(sparse, examples(1, 2), 1, 1, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("conversations cannot share a row");
        assertThat(task(sparse, examples(1, 2), 1, 1, false)
                        .parts(0)
                        .getFirst()
                        .batch()
                        .inputs()
                        .shape())
                .isEqualTo(Shape.of(1, CONTEXT)); // as long as the group needs it
    }

    /// A resumed training knows its data by it: other conversations, or others held out, longer rows or rows of their
    /// own are another task.
    @Test
    void theFingerprintTellsTheDataAndItsRows() {
        LanguageModel model = Kind.GPT2.model(1);
        Examples one = examples(1, 3);
        Examples other = examples(2, 3);
        var fingerprints = new HashSet<String>();
        for (Examples train : List.of(one, other)) {
            for (Examples heldOut : List.of(one, other)) {
                for (int places : new int[] {20, CONTEXT}) {
                    for (boolean packed : new boolean[] {false, true}) {
                        fingerprints.add(fingerprint(model, train, heldOut, places, packed));
                    }
                }
            }
        }
        assertThat(fingerprints).hasSize(16).doesNotContainNull();
        assertThat(fingerprints).contains(fingerprint(Kind.ALIBI.model(3), examples(1, 3), one, 20, true));
    }

    private static String fingerprint(
            LanguageModel model, Examples train, Examples heldOut, int places, boolean packed) {
        var settings = new InstructionTuning.Settings(new LanguageModelling.Sizes(2, 1), places, packed);
        return new InstructionTuning(model, train, heldOut, settings, Rng.of(1)).fingerprint();
    }
}
