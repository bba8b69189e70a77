package gradus.bench;

import gradus.error.UsageException;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a step costs when all of a model is trained, when LoRA trains adapters on all its linear layers, and
/// when the base of these is quantised besides. They take turns, so that a change of the machine's speed
/// meets all of them.
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        description = "Times a training step in full, by LoRA and by QLoRA, in turns.")
final class FinetuneCommand implements Callable<Integer> {
    @Option(names = "--model", description = "small, medium or gpt2; default: ${DEFAULT-VALUE}")
    private String name = "medium";

    @Option(names = "--r", description = "the rank; default: ${DEFAULT-VALUE}")
    private int rank = 8;

    @Option(names = "--rounds", description = "steps of each that count; default: ${DEFAULT-VALUE}")
    private int rounds = 15;

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new UsageException("--rounds must be at least 1; got " + rounds);
        }
        Model model = Model.ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("--model must be one of %s; got %s"
                        .formatted(Model.ALL.stream().map(Model::name).collect(Collectors.joining(", ")), name)));
        Map<String, StepTiming> all = new LinkedHashMap<>();
        all.put("full", new StepTiming(model));
        all.put("lora", new StepTiming(model, adapted(model, null)));
        for (QuantConfig config : List.of(QuantConfig.NF4_DOUBLE, QuantConfig.Q8_0)) {
            all.put("qlora " + config.name(), new StepTiming(model, adapted(model, config)));
        }
        double[][] millis = new double[all.size()][rounds];
        for (int round = -model.warmup() / 2; round < rounds; round++) {
            int row = 0;
            for (StepTiming each : all.values()) {
                long start = System.nanoTime();
                each.step();
                if (round >= 0) {
                    millis[row][round] = (System.nanoTime() - start) / 1e6;
                }
                row++;
            }
        }
        print(model, List.copyOf(all.keySet()), millis);
        return 0;
    }

    private Gpt adapted(Model model, QuantConfig config) {
        Gpt gpt = model.build();
        if (config != null) {
            Quantization.quantize(gpt, config);
        }
        Adapters.of(gpt).add("lora", LoraConfig.of(Targets.allLinear()).withR(rank), Rng.of(2));
        return gpt;
    }

    private void print(Model model, List<String> names, double[][] millis) {
        System.out.printf(Locale.ROOT, "%s: r = %d on all linear layers, medians of %d%n", model.name(), rank, rounds);
        System.out.printf("  %-18s %9s %9s %9s%n", "", "ms/step", "of full", "of lora");
        for (int i = 0; i < millis.length; i++) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-18s %9.1f %9.3f %9.3f%n",
                    names.get(i),
                    median(millis[i].clone()),
                    ratio(millis[i], millis[0]),
                    ratio(millis[i], millis[1]));
        }
    }

    /// The median of the ratios of each round.
    private static double ratio(double[] some, double[] others) {
        double[] ratios = new double[some.length];
        Arrays.setAll(ratios, i -> some[i] / others[i]);
        return median(ratios);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
