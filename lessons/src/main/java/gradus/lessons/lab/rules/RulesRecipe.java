package gradus.lessons.lab.rules;

import gradus.layers.model.Qwen2;
import gradus.lessons.lab.material.FreshBatches.Rows;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.rules.RuleData.Kind;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A model that learns rules, and what it makes of questions that it has not seen. Only what is measured is kept.
///
/// @param kind  of the worlds that it sees
/// @param steps whether answers write out their steps
/// @param many  whether most compositions of the fixed world are trained, or a part of them
/// @param size  of the world, the model and the training
record RulesRecipe(Kind kind, boolean steps, boolean many, Size size) implements Recipe {
    private static final int MEASURES = 8;
    private static final int KNOWN = 10; // one of so many questions must be known for a gap

    /// What all recipes have in common.
    ///
    /// @param symbols   of a world
    /// @param functions of a world
    /// @param layers    L
    /// @param channels  C
    /// @param asked     questions of a step
    /// @param questions of each test, at most
    /// @param training  of the model
    record Size(int symbols, int functions, int layers, int channels, int asked, int questions, Training training) {
        /// 16 symbols and 8 functions; three layers; 64 questions of a step.
        static Size of(int steps, int channels, int questions) {
            return new Size(16, 8, 3, channels, 64, questions, new Training(steps, 4e-3));
        }
    }

    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT) + (many ? "-many" : "") + (steps ? "-steps" : "");
    }

    /// The fixed world of a seed; it is the same for all recipes.
    RuleWorld world(long seed) {
        return RuleWorld.of(size.symbols, size.functions, Rng.of(seed).at("world"));
    }

    Compositions compositions(long seed) {
        return Compositions.of(size.symbols, size.functions, Rng.of(seed).at("split"));
    }

    RuleQuestions questions(long seed) {
        return RuleQuestions.of(
                world(seed), compositions(seed), size.questions, Rng.of(seed).at("questions"));
    }

    /// @return `step`, and at each of these the shares of right answers `seen`, `heldOut` and `renamed`; the shares at
    ///     the end of all tests, and the `gap`: of held-out compositions whose two rules the model knows, the share
    ///     that it gets wrong, none if these are less than a tenth; and the share `stopped` of
    ///     the chains of three hops whose answer is what is right after two
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Language language = new Language(size.symbols, size.functions, steps);
        Compositions compositions = compositions(seed);
        RuleData data =
                new RuleData(kind, world(seed), language, many ? compositions.many() : compositions.few(), size.asked);
        Qwen2 model =
                RuleModel.of(language, size.layers, size.channels, Rng.of(seed).at("weights"));
        RuleQuestions questions = questions(seed);
        RuleExam exam = new RuleExam(model, language);
        Map<String, Object> measured = new LinkedHashMap<>();
        List<Integer> at = new ArrayList<>();
        List<Double> seen = new ArrayList<>();
        List<Double> heldOut = new ArrayList<>();
        List<Double> renamed = new ArrayList<>();
        Rng drawn = Rng.of(seed).at("lessons");
        size.training.run(new Lessons(model, data, drawn), seed, new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (isMeasured(report.step(), size.training.steps())) {
                    at.add(report.step());
                    seen.add(exam.right(questions.seen()));
                    heldOut.add(exam.right(questions.heldOut()));
                    renamed.add(exam.right(questions.renamed()));
                }
            }
        });
        measured.put("step", at);
        measured.put("seen", seen);
        measured.put("heldOut", heldOut);
        measured.put("renamed", renamed);
        measured.put("single", exam.right(questions.single()));
        measured.put("longer", exam.right(questions.longer()));
        measured.put("shown", exam.right(questions.shown()));
        measured.put("renamedMore", exam.right(questions.renamedMore()));
        measured.put("rotated", exam.right(questions.rotated()));
        measured.put("contradicted", exam.right(questions.contradicted()));
        measured.put("trained", exam.right(questions.trained()));
        measured.put("stopped", exam.right(questions.stopped()));
        measured.put("renamedStopped", exam.right(questions.renamedStopped()));
        double gap = gap(exam, questions, data.world());
        if (!Double.isNaN(gap)) {
            measured.put("gap", gap);
        }
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: of the compositions %.1f %% seen and %.1f %% held out are right, %.1f %% renamed",
                name(),
                seed,
                100 * seen.getLast(),
                100 * heldOut.getLast(),
                100 * renamed.getLast()));
        return measured;
    }

    /// At equal distances and at the end.
    static boolean isMeasured(int step, int steps) {
        return (long) step * MEASURES / steps != (step - 1L) * MEASURES / steps;
    }

    /// The compositionality gap of Press et al. 2022, arXiv:2210.03350.
    static double gap(RuleExam exam, RuleQuestions questions, RuleWorld world) {
        int[] single = exam.said(questions.single());
        int[] held = exam.said(questions.heldOut());
        int known = 0;
        int wrong = 0;
        for (int i = 0; i < held.length; i++) {
            Asked asked = questions.heldOut().get(i);
            int[] path = world.path(asked.chain());
            boolean both = true;
            for (int hop = 0; hop < 2; hop++) {
                int place = path[hop] * world.functions()
                        + asked.chain().functions().get(hop);
                both &= single[place] == path[hop + 1];
            }
            known += both ? 1 : 0;
            wrong += both && held[i] != asked.answer() ? 1 : 0;
        }
        return known * KNOWN < held.length ? Double.NaN : (double) wrong / known;
    }

    private record Lessons(Qwen2 model, RuleData data, Rng drawn) implements Task {
        @Override
        public List<Rows> parts(int step) {
            return data.batches(drawn.at(step)).stream()
                    .map(batch -> new Rows(model, batch))
                    .toList();
        }

        @Override
        public String fingerprint() {
            return "rules " + data.kind() + data.trained().size();
        }
    }
}
