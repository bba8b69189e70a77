package gradus.train.report;

import gradus.layers.Layer;
import gradus.layers.Layer.Hook;
import gradus.layers.inspect.Blocks;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.MemoryWatch;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.optimizer.Optimizer;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The memory of tensors in the course of a training step: what stays from step to step, and what is taken and given
/// back. It is measured in the second of two steps with a learning rate of 0, as the run took them but for that: the
/// first makes the optimiser's numbers.
///
/// @param weights   bytes of the parameters
/// @param gradients bytes of the gradients, which the step before left
/// @param optimizer bytes that the optimiser keeps
/// @param lent      bytes that are taken besides, after each block that was taken or given back
/// @param marks     what happens when
record StepMemory(long weights, long gradients, long optimizer, long[] lent, List<Mark> marks) {
    private static final int POINTS = 600;

    /// @param name `forward`, `backward` or `update` where that begins, or of a block where its forward pass ends
    /// @param at   how many blocks of memory had been taken or given back
    record Mark(String name, int at) {}

    static StepMemory of(Task task, TrainConfig config) {
        return new Measuring(task, config).measured();
    }

    /// The most that is taken at once, with all that stays.
    long peak() {
        return weights
                + gradients
                + optimizer
                + Math.max(0, Arrays.stream(lent).max().orElse(0));
    }

    private static final class Measuring implements Task, Optimizer {
        private final Task task;
        private final Optimizer optimizer;
        private final TrainConfig config;
        private final List<Mark> marks = new ArrayList<>();
        private final LongStream.Builder lent = LongStream.builder();
        private int changes;
        private long now;
        private boolean forward;
        private MemoryWatch watch;
        private long gradients;

        Measuring(Task task, TrainConfig config) {
            this.task = task;
            this.config = config;
            this.optimizer = config.newOptimizer(task.model().namedParameters());
        }

        StepMemory measured() {
            List<Hook> hooks = new ArrayList<>();
            for (String block : Blocks.of(model())) {
                hooks.add(model().layer(block).hook(y -> {
                    if (forward) { // the backward pass may compute a block again
                        mark(block);
                    }
                    return y;
                }));
            }
            try {
                new Trainer(this, this, step -> 0, config.loop().withSteps(2))
                        .listen(new TrainingListener() {
                            @Override
                            public void onStep(StepReport report) {
                                if (report.step() == 1) {
                                    gradients = gradients();
                                    watch = BufferPool.watch(Measuring.this::changed);
                                }
                            }
                        })
                        .run();
            } finally {
                hooks.forEach(Hook::close);
                if (watch != null) {
                    watch.close();
                }
            }
            return new StepMemory(
                    bytes(model().parameters()),
                    gradients,
                    bytes(state().values()),
                    lent.build().toArray(),
                    List.copyOf(marks));
        }

        private void changed(long bytes) {
            now += bytes;
            changes++;
            lent.add(now);
        }

        private long gradients() {
            return bytes(model().parameters().stream()
                    .map(Tensor::grad)
                    .filter(Objects::nonNull)
                    .toList());
        }

        private static long bytes(Collection<Tensor> tensors) {
            return tensors.stream()
                    .mapToLong(each -> (long) each.size() * each.dtype().bytes())
                    .sum();
        }

        @Override
        public Layer model() {
            return task.model();
        }

        @Override
        public List<? extends Part> parts(int step) {
            return task.parts(step).stream().map(Watched::new).toList();
        }

        @Override
        public String fingerprint() {
            return task.fingerprint();
        }

        @Override
        public void step(double learningRate) {
            mark("update");
            optimizer.step(learningRate);
        }

        @Override
        public void zeroGrad() {
            optimizer.zeroGrad();
        }

        @Override
        public SequencedMap<String, Tensor> state() {
            return optimizer.state();
        }

        private void mark(String name) {
            if (watch != null) {
                marks.add(new Mark(name, changes));
            }
        }

        private final class Watched implements Part {
            private final Part part;

            Watched(Part part) {
                this.part = part;
            }

            @Override
            public long counted() {
                return part.counted();
            }

            @Override
            public long tokens() {
                return part.tokens();
            }

            @Override
            public Tensor loss() {
                mark("forward");
                forward = true;
                Tensor loss = part.loss();
                forward = false;
                mark("backward");
                return loss;
            }
        }
    }

    /// With the largest of neighbouring numbers for each of at most 600 points.
    ObjectNode json() {
        ObjectNode json = CheckpointJson.object()
                .put("weights", weights)
                .put("gradients", gradients)
                .put("optimizer", optimizer)
                .put("peak", peak());
        ArrayNode at = json.putArray("at");
        ArrayNode bytes = json.putArray("lent");
        int together = Math.max(1, Math.ceilDiv(lent.length, POINTS));
        for (int from = 0; from < lent.length; from += together) {
            int most = from;
            for (int i = from; i < Math.min(lent.length, from + together); i++) {
                most = lent[i] > lent[most] ? i : most;
            }
            at.add(most + 1);
            bytes.add(lent[most]);
        }
        ArrayNode all = json.putArray("marks");
        marks.forEach(mark -> all.addObject().put("name", mark.name).put("at", mark.at));
        return json;
    }
}
