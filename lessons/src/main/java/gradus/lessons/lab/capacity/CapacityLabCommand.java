package gradus.lessons.lab.capacity;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab capacity`
@Command(
        name = "capacity",
        description = {
            "Lets small models of several sizes learn random facts by heart, more than fit",
            "and fewer, each seen many times or a tenth as often, and measures how many bits",
            "they know. What is expected: 2 bits a parameter after 1,000 exposures and 1",
            "after 100. The models are kept in the folder's models/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the models that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab capacity --out lab",
            "  gradus lab capacity --out lab --channels 4,8 --vocabulary 16 --exposures 20 --seeds 1"
        })
public final class CapacityLabCommand extends Experiment {
    private static final double HEAVY = 3; // bits a parameter
    private static final double LIGHT = 0.5;
    private static final int FEWER = 10;
    private static final int SMALLEST = 8; // tokens
    private static final int LARGEST = 4096;
    private static final int MOST = 256; // channels
    private static final int BATCH = 512;
    private static final double LR = 1e-2;

    @Option(
            names = "--channels",
            paramLabel = "<n>",
            split = ",",
            description = "of the models, two or more even numbers; default 16,20,24")
    private List<Integer> channels = List.of(16, 20, 24);

    @Option(names = "--vocabulary", paramLabel = "<n>", description = "different tokens, 8 to 4096; default 256")
    private int vocabulary = 256;

    @Option(
            names = "--exposures",
            paramLabel = "<n>",
            description = "how often a fact is seen, at least 10; a tenth of it is measured too; default 1000")
    private int exposures = 1000;

    @Mixin
    private LabSeeds seeds = new LabSeeds(2);

    public CapacityLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        List<Integer> sizes = channels.stream().distinct().sorted().toList();
        if (sizes.size() < 2 || sizes.getLast() > MOST || sizes.stream().anyMatch(dim -> dim < 2 || dim % 2 != 0)) {
            throw new UsageException(
                    "--channels must be two or more even numbers of at most %s; got %s".formatted(MOST, channels));
        }
        if (vocabulary < SMALLEST || vocabulary > LARGEST) {
            throw new UsageException("--vocabulary must be %s to %s; got %s".formatted(SMALLEST, LARGEST, vocabulary));
        }
        if (exposures < FEWER) {
            throw new UsageException("--exposures must be at least %s; got %s".formatted(FEWER, exposures));
        }
        int count = seeds.count();
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "capacity")
                .put("vocabulary", vocabulary)
                .put("exposures", exposures));
        Material material = new Material(folder.path().resolve("models"), output()::say);
        List<Integer> counts = List.of(exposures, exposures / FEWER);
        List<Double> loads = List.of(HEAVY, LIGHT);
        output().predict("bits a parameter", CapacityPart.prediction(counts, loads));
        SequencedMap<Integer, List<Learned>> few = models(material, sizes, HEAVY, exposures / FEWER, count);
        SequencedMap<Integer, List<Learned>> light = models(material, sizes, LIGHT, exposures, count);
        SequencedMap<Integer, List<Learned>> many = models(material, sizes, HEAVY, exposures, count);
        return new CapacityPart(many, few, light, counts, loads)
                .section(folder.path())
                .toString();
    }

    private SequencedMap<Integer, List<Learned>> models(
            Material material, List<Integer> sizes, double load, int times, int count) {
        SequencedMap<Integer, List<Learned>> models = new LinkedHashMap<>();
        for (int dim : sizes) {
            CapacityRecipe recipe = new CapacityRecipe(vocabulary, dim, load, times, BATCH, LR);
            models.put(
                    dim,
                    LongStream.rangeClosed(1, count)
                            .mapToObj(seed -> Learned.of(material.measured(recipe, seed)))
                            .toList());
        }
        return models;
    }
}
