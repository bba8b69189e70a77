package gradus.lessons.lab.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.option.LabOutput;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus lab material`
@Command(
        name = "material",
        description = {
            "Trains the small models of gradus lab prompt, or some of them, and keeps each",
            "in a folder of its own below the folder's material/. A model that is there is",
            "not trained again. Those that read and write text open with gradus prompt and",
            "gradus sample."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab material --out lab",
            "  gradus lab material sum-steps --out lab --seeds 1"
        })
public final class MaterialLabCommand implements Callable<Integer> {
    @Mixin
    private LabOutput output;

    @Parameters(paramLabel = "<name>", arity = "0..*", description = "the models; default all that there are")
    private List<String> names = List.of();

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    @Option(names = "--seed", paramLabel = "<n>", description = "the first seed; default ${DEFAULT-VALUE}")
    private long seed = 1;

    public MaterialLabCommand(Console console) {
        this.output = new LabOutput(console);
    }

    @Override
    public Integer call() {
        SequencedMap<String, Recipe> recipes = PromptParts.recipes();
        for (String name : names) {
            if (!recipes.containsKey(name)) {
                throw new UsageException(
                        "there is no material %s; there are %s".formatted(name, String.join(", ", recipes.keySet())));
            }
        }
        int count = seeds.count();
        Material material = new Material(output.path().resolve(PromptLabCommand.MATERIAL), output::say);
        StringBuilder table = new StringBuilder("| model | seed | folder |\n|---|---|---|\n");
        recipes.forEach((name, recipe) -> {
            if (names.isEmpty() || names.contains(name)) {
                for (long each = seed; each < seed + count; each++) {
                    table.append("| %s | %s | %s |\n".formatted(name, each, material.folder(recipe, each)));
                }
            }
        });
        output.print(table.toString());
        return 0;
    }
}
