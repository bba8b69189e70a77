package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.train.task.ContrastiveConfig;
import java.util.List;
import picocli.CommandLine.Option;

/// How `--task contrastive` compares vectors.
public final class ContrastiveOptions {
    @Option(
            names = "--scale",
            paramLabel = "<n>",
            description = "of --task contrastive: what cosines are multiplied by; default 20")
    private Double scale;

    @Option(names = "--symmetric", description = "of --task contrastive: each passage is to find its anchor too")
    private Boolean symmetric;

    @Option(
            names = "--hard-negatives",
            description = "of --task contrastive: each example has a passage that is near and wrong; of WordNet it is"
                    + " that of a sibling or of another meaning, of a file its \"negative\"")
    private Boolean hardNegatives;

    @Option(
            names = "--matryoshka",
            paramLabel = "<n>",
            split = ",",
            description = "of --task contrastive: of which lengths beginnings of the vectors are to do alone, such as"
                    + " 32,64,128; name the whole length too")
    private List<Integer> matryoshka;

    /// What was given, over what a run starts from.
    ///
    /// @param start null where something else is learnt
    /// @param dim   how many numbers a vector has
    /// @return null where something else is learnt
    /// @throws UsageException if something else is learnt and a setting was given, or a setting is out of range
    public ContrastiveConfig of(ContrastiveConfig start, int dim) {
        if (start == null) {
            if (scale != null || symmetric != null || hardNegatives != null || matryoshka != null) {
                throw new UsageException(
                        "--scale, --symmetric, --hard-negatives and --matryoshka are of --task contrastive");
            }
            return null;
        }
        try {
            ContrastiveConfig config = new ContrastiveConfig(
                    scale != null ? scale : start.scale(),
                    symmetric != null ? symmetric : start.symmetric(),
                    hardNegatives != null ? hardNegatives : start.hardNegatives(),
                    matryoshka != null ? matryoshka : start.matryoshka());
            config.requireFits(dim);
            return config;
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }
}
