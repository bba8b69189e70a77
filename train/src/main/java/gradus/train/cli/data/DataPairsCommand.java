package gradus.train.cli.data;

import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.contrastive.ContrastiveCorpus;
import gradus.train.contrastive.ContrastiveExample;
import gradus.train.contrastive.GlossExamples;
import gradus.train.contrastive.GlossExamples.Kind;
import gradus.train.corpus.WordNet;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus data pairs`
@Command(
        name = "pairs",
        description =
                "Writes texts of WordNet that belong together, each with one that is near and wrong, for gradus train --task"
                        + " contrastive.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "What is kept apart is the same as in a training on wordnet itself.",
            "",
            "Example:",
            "  gradus data pairs --kinds definition --out pairs.jsonl",
            "  gradus train --task contrastive --data pairs.jsonl --out runs/vectors"
        })
final class DataPairsCommand extends WordNetDataCommand {
    @Option(
            names = "--kinds",
            paramLabel = "<kind>",
            split = ",",
            description =
                    "of sentence (with a blank, and its entry), definition (and its word) and word (and its entry);"
                            + " default all three")
    private List<Kind> kinds = List.of(Kind.values());

    DataPairsCommand(Console console) {
        super(console, "pairs of texts", 100_000);
    }

    @Override
    void write(Path file, WordNet net, long seed, boolean heldOut, int rows) {
        GlossExamples examples = new GlossExamples(net, Rng.of(seed), EnumSet.copyOf(kinds));
        List<ContrastiveExample> all = heldOut ? examples.validation() : examples.training();
        if (rows > all.size()) {
            throw new UsageException("%s: WordNet gives %s of these kinds; got %s"
                    .formatted(heldOut ? "--held-out-count" : "--count", all.size(), rows));
        }
        ContrastiveCorpus.write(file, all.subList(0, rows));
    }
}
