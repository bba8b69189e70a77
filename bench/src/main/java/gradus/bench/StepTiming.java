package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.optimizer.Clip;
import gradus.train.task.Batch;
import gradus.train.task.Batches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Times whole training steps: forward, loss, backward, clipping, AdamW.
final class StepTiming {
    private final Model model;
    private final Gpt gpt;
    private final List<Tensor> trained;
    private final AdamW optimizer;
    private final Batches batches;
    private int step;

    StepTiming(Model model) {
        this(model, model.build());
    }

    /// Times the training of what is not frozen.
    StepTiming(Model model, Gpt gpt) {
        this.model = model;
        this.gpt = gpt;
        List<Tensor> trained = new ArrayList<>(gpt.parameters());
        trained.removeIf(parameter -> !parameter.requiresGrad());
        this.trained = trained;
        this.optimizer = new AdamW(trained, TrainConfig.defaults().adam());
        Rng rng = Rng.of(2);
        int[] tokens = new int[100_000];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = rng.index(i, model.config().vocabSize());
        }
        this.batches = new Batches(tokens, model.config().context(), model.batch(), Rng.of(3));
    }

    /// The median milliseconds of a step, after warming up.
    double measure() {
        warmUp();
        return median();
    }

    void warmUp() {
        for (int i = 0; i < model.warmup(); i++) {
            step();
        }
    }

    /// The median milliseconds of the steps that count, each until the device has done it.
    double median() {
        double[] millis = new double[model.steps()];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            step();
            Device.current().synchronize();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2;
    }

    /// The share of each kernel in the time spent in kernels, over a few more steps.
    Map<String, Double> shares() {
        int steps = Math.max(2, model.steps() / 4);
        try (KernelTimes times = KernelTimes.start()) {
            for (int i = 0; i < steps; i++) {
                step();
            }
            double total =
                    times.nanos().values().stream().mapToLong(Long::longValue).sum();
            Map<String, Double> shares = new TreeMap<>();
            times.nanos().forEach((kernel, nanos) -> shares.put(kernel, nanos / total));
            return shares;
        }
    }

    /// How many kernels one step calls.
    long kernelCalls() {
        try (KernelTimes times = KernelTimes.start()) {
            step();
            return times.calls().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    double flopsPerToken() {
        return model.flopsPerToken(gpt);
    }

    double causalFlopsPerToken() {
        return model.causalFlopsPerToken(gpt);
    }

    long parameters() {
        return gpt.parameterCount();
    }

    /// Memory that the pool took from the backend.
    static long poolBytes() {
        return BufferPool.statistics().bytesHeld();
    }

    void step() {
        try (var scope = Scope.open()) {
            Batch batch = batches.at((long) step++ * model.batch());
            Tensor loss = gpt.forward(batch.inputs()).crossEntropy(batch.targets());
            optimizer.zeroGrad();
            loss.backward();
            Clip.clipGradNorm(trained, 1);
            optimizer.step(1e-3);
        }
    }
}
