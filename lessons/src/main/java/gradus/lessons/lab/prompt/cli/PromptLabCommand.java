package gradus.lessons.lab.prompt.cli;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab prompt`
@Command(
        name = "prompt",
        description = {
            "What ways of prompting do to small models that are trained here, each beside a",
            "control that should do nothing. A part says what it expects, measures it with",
            "five seeds, and says whether it holds. The models are kept in the folder's",
            "material/ and used again; gradus lab material makes them alone."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab prompt --out lab",
            "  gradus lab prompt --out lab --parts cot,self-consistency --seeds 2"
        })
public final class PromptLabCommand extends Experiment {
    /// Where below the folder the models are.
    static final String MATERIAL = "material";

    @Option(
            names = {"--parts", "--part"},
            paramLabel = "<part>",
            split = ",",
            description = "only these; default all that there are")
    private List<String> parts = List.of();

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    @Option(names = "--seed", paramLabel = "<n>", description = "the first seed; default ${DEFAULT-VALUE}")
    private long seed = 1;

    public PromptLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        List<LabPart> asked = PromptParts.of(parts);
        int count = seeds.count();
        Material material = new Material(output().path().resolve(MATERIAL), output()::say);
        LabSetting setting = new LabSetting(output().folder(), material, seed, count, output()::say);
        StringBuilder report = new StringBuilder();
        for (LabPart part : asked) {
            output().predict(part.name() + ": " + part.about(), part.prediction());
            report.append(report.isEmpty() ? "" : "\n").append(part.run(setting));
            output().keep(report.toString());
        }
        return report.toString();
    }
}
