package gradus.lessons.lab.finetune;

import gradus.layers.Linear;
import gradus.layers.adapter.Quantization;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.cli.machine.ResidentMemory;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.optimizer.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Fine-tunes the base once and measures.
final class Trial {
    private static final int BATCHES = 20; // of an evaluation

    private final LabPlan plan;
    private final Path base;
    private int[] training;
    private int[] validation;
    private int[] old;

    Trial(LabPlan plan, Path base) {
        this.plan = plan;
        this.base = base;
    }

    /// The losses of the base.
    ///
    /// @param quantize quantises it first, or null
    LabTable.Losses base(QuantConfig quantize) {
        OpenBase opened = OpenBase.of(base);
        encode(opened.saved().text().tokenizer());
        if (quantize != null) {
            Quantization.quantize(opened.model(), quantize);
        }
        return new LabTable.Losses(
                LabTask.loss(opened.model(), validation, BATCHES), LabTask.loss(opened.model(), old, BATCHES));
    }

    Finding run(Contender contender, double rate, long seed) {
        OpenBase opened = OpenBase.of(base);
        encode(opened.saved().text().tokenizer());
        Rng rng = Rng.of(seed);
        Tuned tuned = contender.method().get().on(opened, rng.at("adapter"));
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(plan.steps())
                .withWarmup(plan.steps() / 10)
                .withLr(rate)
                .withMinLr(rate / 10)
                .withWeightDecay(0)
                .withEvalEvery(0);
        Optimizer optimizer = config.optimizer().of(tuned.groups(), config.adam());
        List<Double> speeds = new ArrayList<>();
        new Trainer(
                        new LabTask(tuned.model(), training, rng.at("batches")),
                        optimizer,
                        config.newSchedule(),
                        config.loop())
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        speeds.add(report.tokensPerSecond());
                    }
                })
                .run();
        return new Finding(
                contender.name(),
                rate,
                seed,
                LabTask.loss(tuned.model(), validation, BATCHES),
                LabTask.loss(tuned.model(), old, BATCHES),
                tuned.trainedParameters(),
                weights(tuned),
                bytes(tuned.trained().values().stream()
                        .filter(each -> each.grad() != null)
                        .toList()),
                bytes(optimizer.state().values()),
                ResidentMemory.peak().orElse(0),
                speeds.stream().sorted().skip(speeds.size() / 2).findFirst().orElse(0.0),
                saved(tuned, opened));
    }

    private void encode(Tokenizer tokenizer) {
        if (training == null) {
            LabTexts changed = plan.baseText().changed();
            training = tokenizer.encode(changed.training());
            validation = tokenizer.encode(changed.validation());
            old = tokenizer.encode(plan.baseText().old().validation());
        }
    }

    private static long weights(Tuned tuned) {
        long quantized = tuned.model().namedLayers(Linear.class).values().stream()
                .filter(linear -> linear.quantized() != null)
                .mapToLong(linear -> linear.quantized().bytes())
                .sum();
        return quantized + bytes(tuned.model().namedParameters().values());
    }

    private static long bytes(Iterable<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += (long) tensor.size() * Float.BYTES;
        }
        return bytes;
    }

    /// What has to be kept and passed on.
    private long saved(Tuned tuned, OpenBase opened) {
        Path folder = plan.out().resolve("saved");
        try {
            tuned.save(folder, opened);
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> all = files.sorted((a, b) -> b.compareTo(a)).toList(); // a folder after its files
                long bytes = 0;
                for (Path file : all) {
                    bytes += file.toString().endsWith(".safetensors") ? Files.size(file) : 0;
                    Files.delete(file);
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
