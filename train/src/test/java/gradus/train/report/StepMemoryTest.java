package gradus.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.task.Split;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class StepMemoryTest {
    private static final int BATCH = 4;
    private static final GptConfig MODEL = new GptConfig(11, 16, 3, 2, 32, 0);
    private static final TrainConfig TRAIN =
            TrainConfig.defaults().withWarmup(0).withBatchSize(BATCH);

    private static StepMemory of(GptConfig model, TrainConfig how) {
        return of(new Gpt(model, Rng.of(1)), how);
    }

    private static StepMemory of(Gpt gpt, TrainConfig how) {
        int[] text = IntStream.range(0, 40).map(i -> i * i % 11).toArray();
        return StepMemory.of(how.newTask(gpt, new Split(text, new int[0])), how);
    }

    private static int at(StepMemory memory, String mark) {
        return memory.marks().stream()
                .filter(each -> each.name().equals(mark))
                .findFirst()
                .orElseThrow()
                .at();
    }

    @Test
    void whatStaysIsCountedExactly() {
        Gpt gpt = new Gpt(MODEL, Rng.of(1));
        long parameters = gpt.parameterCount();
        StepMemory adam = of(gpt, TRAIN);
        assertThat(adam.weights()).isEqualTo(4 * parameters);
        assertThat(adam.gradients()).isEqualTo(4 * parameters);
        assertThat(adam.optimizer()).isBetween(8 * parameters, 8 * parameters + 8); // two moments, and the step
        assertThat(of(MODEL, TRAIN.withOptimizer(OptimizerKind.LION)).optimizer())
                .isBetween(4 * parameters, 4 * parameters + 8);
    }

    @Test
    void theStepsOfAStepAreMarkedInTheirOrder() {
        StepMemory one = of(MODEL, TRAIN);
        assertThat(one.marks())
                .extracting(StepMemory.Mark::name)
                .containsExactly("forward", "h.0", "h.1", "h.2", "backward", "update");
        assertThat(one.marks()).extracting(StepMemory.Mark::at).isSorted();
        assertThat(of(MODEL, TRAIN.withAccumulation(2)).marks())
                .extracting(StepMemory.Mark::name)
                .containsExactly(
                        "forward",
                        "h.0",
                        "h.1",
                        "h.2",
                        "backward",
                        "forward",
                        "h.0",
                        "h.1",
                        "h.2",
                        "backward",
                        "update");
    }

    /// Each block leaves for the backward pass what another of the same shape leaves; afterwards nothing of it is left.
    @Test
    void activationsGrowByBlockAndAreGivenBack() {
        StepMemory memory = of(MODEL, TRAIN);
        long[] lent = memory.lent();
        long first = lent[at(memory, "h.1") - 1] - lent[at(memory, "h.0") - 1];
        long second = lent[at(memory, "h.2") - 1] - lent[at(memory, "h.1") - 1];
        assertThat(first).isEqualTo(second).isGreaterThanOrEqualTo(4L * 10 * BATCH * 16 * 32); // ten of (B, T, C)
        assertThat(Math.abs(lent[lent.length - 1])).isLessThan(first / 100);
        assertThat(memory.peak() - memory.weights() - memory.gradients() - memory.optimizer())
                .isGreaterThanOrEqualTo(lent[at(memory, "backward") - 1]);
    }

    @Test
    void checkpointingKeepsAnInputOfEachBlockAlone() {
        StepMemory kept = of(MODEL, TRAIN.withCheckpointing(true));
        long[] lent = kept.lent();
        assertThat(lent[at(kept, "h.2") - 1] - lent[at(kept, "h.1") - 1])
                .isBetween(4L * BATCH * 16 * 32, 2 * 4L * BATCH * 16 * 32);
        assertThat(kept.marks())
                .extracting(StepMemory.Mark::name)
                .containsExactly("forward", "h.0", "h.1", "h.2", "backward", "update");
        assertThat(kept.peak()).isLessThan(of(MODEL, TRAIN).peak());
    }

    @Test
    void weightsAndHooksAreAsBefore() {
        Gpt gpt = new Gpt(MODEL, Rng.of(1));
        List<float[]> before =
                gpt.parameters().stream().map(Tensor::toFloatArray).toList();
        of(gpt, TRAIN);
        assertThat(gpt.parameters().stream().map(Tensor::toFloatArray)).containsExactlyElementsOf(before);
        assertThat(gpt.namedLayers().values()).noneMatch(layer -> layer.isHooked());
        BufferPool.watch(change -> {}).close(); // nobody watches any more
    }

    @Test
    void aCurveOfManyPointsKeepsItsPeak() {
        long[] lent = IntStream.range(0, 5000).mapToLong(i -> i % 700).toArray();
        lent[1234] = 1_000_000;
        StepMemory memory = new StepMemory(10, 20, 30, lent, List.of(new StepMemory.Mark("update", 4000)));
        ObjectNode json = memory.json();
        assertThat(json.path("peak").asLong()).isEqualTo(1_000_060);
        assertThat(json.path("at").size()).isEqualTo(json.path("lent").size()).isBetween(300, 600);
        int peak = IntStream.range(0, json.path("lent").size())
                .filter(i -> json.path("lent").path(i).asLong() == 1_000_000)
                .findFirst()
                .orElseThrow();
        assertThat(json.path("at").path(peak).asInt()).isEqualTo(1235);
        assertThat(json.path("marks").toString()).isEqualTo("[{\"name\":\"update\",\"at\":4000}]");
        assertThat(new StepMemory(1, 2, 3, new long[0], List.of()).peak()).isEqualTo(6);
    }

    /// A watch sees what its thread takes and gives back, and that alone.
    @Test
    void aWatchSeesItsOwnThread() throws Exception {
        long[] sum = new long[2];
        try (var watch = BufferPool.watch(change -> sum[change > 0 ? 0 : 1] += change);
                var scope = gradus.tensor.Scope.open()) {
            assertThatThrownBy(() -> BufferPool.watch(change -> {})).hasMessageContaining("watched already");
            Tensor.zeros(1024);
            Thread other = new Thread(() -> Tensor.zeros(1 << 20));
            other.start();
            other.join();
            assertThat(sum).containsExactly(4096, 0);
            scope.close();
            assertThat(sum).containsExactly(4096, -4096);
        }
        Tensor.zeros(64);
        assertThat(Arrays.stream(sum).sum()).isZero();
    }
}
