package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.loss.CrossEntropyLoss;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.LanguageModelling.Sizes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LanguageModellingTest {
    private static final int CONTEXT = 3;
    private static final Gpt GPT = new Gpt(new GptConfig(5, CONTEXT, 1, 1, 4, 0), Rng.of(1));
    private static final Rng RNG = Rng.of(2);

    private static int[] drawn(long seed, int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> Rng.of(seed).index(i, 5));
        return ids;
    }

    /// A step has as many parts as the accumulation says, each of B crops that go on where the last ones ended, and
    /// every target counts.
    @Property(tries = 200)
    void aStepIsSoManyBatchesOfCrops(
            @ForAll @IntRange(min = 1, max = 4) int batch,
            @ForAll @IntRange(min = 1, max = 3) int accumulation,
            @ForAll @IntRange(max = 50) int step,
            @ForAll int seed) {
        Split data = new Split(drawn(seed, 40), new int[0]);
        var parts = new LanguageModelling(GPT, data, new Sizes(batch, accumulation), Rng.of(seed)).parts(step);
        Batches batches = new Batches(data.train(), CONTEXT, batch, Rng.of(seed));
        assertThat(parts).hasSize(accumulation);
        for (int micro = 0; micro < accumulation; micro++) {
            var part = parts.get(micro);
            Batch expected = batches.at((long) (step * accumulation + micro) * batch);
            assertThat(part.tokens()).isEqualTo((long) batch * CONTEXT);
            assertThat(part.counted()).isEqualTo((long) batch * CONTEXT);
            double loss = part.loss().item();
            Tensor logits = GPT.forward(expected.inputs());
            assertThat(loss)
                    .isCloseTo(CrossEntropyLoss.of(logits, expected.targets()).item(), within(1e-6)); // float32
            assertThat(part.computed()).containsOnlyKeys("the logits");
            assertThat(part.computed().get("the logits").toArray()).containsExactly(logits.toArray());
        }
    }

    @Test
    void withoutHeldOutTokensThereIsNothingToMeasure() {
        for (int count : new int[] {0, 1}) {
            Split data = new Split(drawn(1, 40), drawn(2, count));
            assertThat(new LanguageModelling(GPT, data, new Sizes(2, 1), RNG).evaluate(0))
                    .isEmpty();
        }
        int[] two = drawn(2, 2);
        assertThat(new LanguageModelling(GPT, new Split(drawn(1, 40), two), new Sizes(2, 1), RNG)
                        .evaluate(0)
                        .orElseThrow())
                .isCloseTo(
                        CrossEntropyLoss.of(
                                        GPT.forward(Indices.of(Shape.of(1, 1), new int[] {two[0]})),
                                        Indices.of(Shape.of(1, 1), new int[] {two[1]}))
                                .item(),
                        within(1e-6)); // float32
    }

    /// SHA-256 of how many tokens each part has and of their numbers, high bytes first: an old checkpoint knows its
    /// data again.
    @Test
    void theFingerprintIsThatOfTheTokensAndTheirSplit() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(7 * Integer.BYTES);
        bytes.putInt(3).putInt(4).putInt(0).putInt(2).putInt(2).putInt(1).putInt(3);
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        Split data = new Split(new int[] {4, 0, 2}, new int[] {1, 3});
        var task =
                new LanguageModelling(new Gpt(new GptConfig(5, 2, 1, 1, 4, 0), Rng.of(1)), data, new Sizes(1, 1), RNG);
        assertThat(task.fingerprint()).isEqualTo(expected);
        assertThat(new Split(new int[] {4, 0}, new int[] {2, 1, 3}).sum()).isNotEqualTo(expected);
    }

    @Test
    void theLogitsOfABatchFitATensor() {
        assertThatCode(() -> LanguageModelling.requireSizes(1, Integer.MAX_VALUE, 1))
                .doesNotThrowAnyException();
        assertThatCode(() -> LanguageModelling.requireSizes(1 << 10, 1 << 10, (1 << 11) - 1))
                .doesNotThrowAnyException();
        List<int[]> tooMany = new ArrayList<>();
        tooMany.add(new int[] {1 << 10, 1 << 10, 1 << 11});
        tooMany.add(new int[] {1, Integer.MAX_VALUE, 2});
        tooMany.add(new int[] {Integer.MAX_VALUE, 1, 2});
        tooMany.add(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE});
        for (int[] sizes : tooMany) {
            assertThatThrownBy(() -> LanguageModelling.requireSizes(sizes[0], sizes[1], sizes[2]))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("got %s·%s·%s;".formatted(sizes[2], sizes[0], sizes[1]));
        }
    }

    @Test
    void aStepHasNoMoreCropsThanCanBeCounted() {
        assertThatCode(() -> new Sizes(1, Integer.MAX_VALUE).validate()).doesNotThrowAnyException();
        assertThatThrownBy(() -> new Sizes(2, 1 << 30).validate())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got 2 and 1073741824");
        assertThat(new Sizes(2, 3).withBatchSize(4)).isEqualTo(new Sizes(4, 3));
        assertThat(new Sizes(2, 3).withAccumulation(4)).isEqualTo(new Sizes(2, 4));
        assertThatThrownBy(() -> new Sizes(0, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Sizes(1, 0)).isInstanceOf(ConfigException.class);
    }
}
