package gradus.lessons.lab.hallucination;

import gradus.lessons.lab.hallucination.HallucinationTable.ProfileRow;
import gradus.lessons.lab.knowledge.Base;
import gradus.lessons.lab.knowledge.KnowledgePlan;
import gradus.lessons.lab.knowledge.Scores;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab hallucination`
@Command(
        name = "hallucination",
        description = {
            "What a small GPT states that is not so, in an invented country whose truth is",
            "known. Errors against the world and errors against the text that was read are",
            "told apart and counted. On five profiles of how often facts are told, the rate",
            "of false statements is compared with what it must be at least: the share told",
            "once − miscalibration. What is expected, and measured: retrieval and training",
            "to abstain lower the errors, and an edit of rank one changes one fact and",
            "little else. The same edit elsewhere is the control."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab hallucination --out lab",
            "  gradus lab hallucination --out lab --seeds 1 --base-steps 100 --draws 200 --edits 2"
        })
public final class HallucinationLabCommand extends Experiment {
    @Option(names = "--old", paramLabel = "<n>", description = "persons whom the model knows; default 48")
    private int old = 48;

    @Option(names = "--new", paramLabel = "<n>", description = "persons of whom it was not told; default 16")
    private int fresh = 16;

    @Option(names = "--dim", paramLabel = "<n>", description = "channels of the model; default 64")
    private int dim = 64;

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the model; default 300")
    private int baseSteps = 300;

    @Option(names = "--draws", paramLabel = "<n>", description = "statements that a profile tells; default 600")
    private int draws = 600;

    @Option(
            names = "--profile-steps",
            paramLabel = "<n>",
            description = "steps that train the model of a profile; default 150")
    private int profileSteps = 150;

    @Option(names = "--edits", paramLabel = "<n>", description = "facts that are edited; default 8")
    private int edits = 8;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public HallucinationLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        HallucinationPlan plan = plan();
        LabFolder folder = output().folder();
        Scores scores = new Scores();
        for (long seed = 1; seed <= plan.base().seeds(); seed++) {
            output().say("seed %s: the model, %s steps"
                    .formatted(seed, plan.base().baseSteps()));
            Base base = Base.of(plan.base(), seed, output()::say);
            output().say("seed %s: errors, remedies and edits".formatted(seed));
            ErrorTrial errors = new ErrorTrial(base, scores);
            errors.texts();
            errors.remedies(folder.path());
            new EditTrial(base, scores).run(plan.edits());
            folder.write("scores.csv", scores.csv());
        }
        List<ProfileRow> profiles = profiles(plan);
        folder.write("profiles.csv", csv(profiles));
        plot(folder, profiles);
        return new HallucinationTable(scores, profiles).markdown();
    }

    private HallucinationPlan plan() {
        return of(() -> new HallucinationPlan(
                new KnowledgePlan(old, fresh, dim, baseSteps, 1, seeds.count()), draws, profileSteps, edits));
    }

    private List<ProfileRow> profiles(HallucinationPlan plan) {
        List<ProfileRow> rows = new ArrayList<>();
        for (RepetitionProfile profile : RepetitionProfile.five(plan.draws())) {
            output().say(String.format(
                    Locale.ROOT,
                    "%d facts, exponent %.1f: %d statements",
                    profile.facts(),
                    profile.exponent(),
                    plan.draws()));
            List<List<HallucinationBound>> stages = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (long seed = 1; seed <= plan.base().seeds(); seed++) {
                Rng rng = Rng.of(seed).at("profile").at(profile.facts());
                List<HallucinationBound> measured = new RepetitionTrial(
                                profile, plan.draws(), HallucinationPlan.DIM, rng)
                        .run(plan.profileSteps(), seed);
                for (int stage = 0; stage < stages.size(); stage++) {
                    stages.get(stage).add(measured.get(stage));
                }
            }
            for (int stage = 0; stage < stages.size(); stage++) {
                rows.add(new ProfileRow(profile, stage + 1, stages.get(stage)));
            }
        }
        return rows;
    }

    private static String csv(List<ProfileRow> profiles) {
        StringBuilder csv =
                new StringBuilder("facts,exponent,stage,seed,told_once,never_told,miscalibration,least,rate\n");
        for (ProfileRow row : profiles) {
            for (int seed = 0; seed < row.measured().size(); seed++) {
                HallucinationBound bound = row.measured().get(seed);
                csv.append(String.format(
                        Locale.ROOT,
                        "%d,%.2f,%d,%d,%.6g,%.6g,%.6g,%.6g,%.6g%n",
                        row.profile().facts(),
                        row.profile().exponent(),
                        row.stage(),
                        seed + 1,
                        bound.once(),
                        bound.unseen(),
                        bound.miscalibration(),
                        bound.least(),
                        bound.rate()));
            }
        }
        return csv.toString();
    }

    private static void plot(LabFolder folder, List<ProfileRow> profiles) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        for (int stage = 1; stage <= 3; stage++) {
            int which = stage;
            List<HallucinationBound> all = profiles.stream()
                    .filter(row -> row.stage() == which)
                    .flatMap(row -> row.measured().stream())
                    .sorted((a, b) -> Double.compare(a.once(), b.once()))
                    .toList();
            curves.put(
                    List.of("rate, trained a little", "rate, half", "rate, to the end")
                            .get(stage - 1),
                    new Curve(
                            all.stream().mapToDouble(HallucinationBound::once).toArray(),
                            all.stream().mapToDouble(HallucinationBound::rate).toArray(),
                            null));
        }
        LabPlot.curves(
                folder.path().resolve("profiles.png"),
                new Labels("False statements", "share of facts told once", "rate of false statements"),
                curves);
    }
}
