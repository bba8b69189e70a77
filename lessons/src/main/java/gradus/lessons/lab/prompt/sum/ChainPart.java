package gradus.lessons.lab.prompt.sum;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.PromptedTogether;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import gradus.train.rl.verifiable.Question;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// `cot`: what a chain of thought gains, and what of it is the thought. One model is asked in two ways, for the
/// answer at once and for steps first; another one has learned nothing but answers. Two controls learn in the
/// same way from as many lessons, with another text in place of the steps: those of another question, or dots.
/// A third is the first model, whose own steps are taken away and replaced by another question's before it
/// answers.
///
/// Wei et al. 2022, arXiv:2201.11903, section 3.3; that dots alone may help a model: Pfau et al. 2024,
/// arXiv:2404.15758.
///
/// @param plan sizes
public record ChainPart(SumPlan plan) implements LabPart {
    @Override
    public String name() {
        return "cot";
    }

    @Override
    public String about() {
        return "chain of thought, and texts of equal length in its place";
    }

    @Override
    public String prediction() {
        return String.format(Locale.ROOT, """
                The remainder of a sum of %s digits, divided by 5; guessing is right in 20 %%. **Prediction:** asked for steps
                first, a model is right far more often than the same weights asked for the answer at once. Steps of another
                question and dots, learned from as many lessons, gain nothing: what helps is what the steps say, not their length.
                A model that learns nothing but answers is no better at once.
                """, plan.digits());
    }

    @Override
    public List<Recipe> recipes() {
        List<Recipe> recipes = new ArrayList<>();
        for (Rationale each : Rationale.values()) {
            recipes.add(plan.of(each));
        }
        return recipes;
    }

    /// Of one seed: shares of right answers.
    ///
    /// @param plain    at once, by what the model has learned to write
    /// @param reasoned behind a rationale
    /// @param swapped  of the model of true steps, behind those of another question
    /// @param followed how often its answer was then that of the other question
    record Measured(Map<Rationale, Double> plain, Map<Rationale, Double> reasoned, double swapped, double followed) {}

    private Measured measure(LabSetting setting, long seed) {
        List<Question> questions =
                new DigitSum(plan.digits()).heldOut(Rng.of(seed).at("held out"), plan.heldOut());
        Map<Rationale, Double> plain = new EnumMap<>(Rationale.class);
        Map<Rationale, Double> reasoned = new EnumMap<>(Rationale.class);
        for (Rationale each : Rationale.values()) {
            TextModel model = setting.material().text(plan.of(each), seed);
            plain.put(each, Asked.right(model, questions, Rationale::plain));
            reasoned.put(each, each == Rationale.NONE ? Double.NaN : Asked.chains(model, questions));
        }
        List<String> asked = Asked.prompts(questions);
        Rng rng = Rng.of(seed).at("swapped");
        Map<String, String> others = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            others.put(asked.get(i), DigitSum.drawn(plan.digits(), rng.at(i)));
        }
        List<Outcome> swapped = PromptedTogether.run(
                setting.material().text(plan.of(Rationale.STEPS), seed), asked, (model, question) -> {
                    PromptMethod chain = Rationale.chain(Rationale.swapped(model, others.get(question)));
                    return chain.ask(question);
                });
        double followed = followed(swapped, asked.stream().map(others::get).toList());
        return new Measured(plain, reasoned, Asked.right(questions, swapped), followed);
    }

    /// The share of outcomes that answer the questions of these digits.
    static double followed(List<Outcome> outcomes, List<String> digits) {
        return IntStream.range(0, outcomes.size())
                        .filter(i -> outcomes.get(i)
                                .answerOr("")
                                .equals(DigitSum.of(digits.get(i)).answer()))
                        .count()
                / (double) outcomes.size();
    }

    @Override
    public String run(LabSetting setting) {
        List<Measured> all = new ArrayList<>();
        for (long seed : setting.seeds()) {
            all.add(measure(setting, seed));
            setting.say().accept("  seed " + seed + ": " + all.getLast());
        }
        plot(setting, all);
        return report(all);
    }

    String report(List<Measured> all) {
        int seeds = all.size();
        StringBuilder text = new StringBuilder("## cot: does it help to write the steps?\n\n" + prediction())
                .append("\n| what is written first | at once, % | behind it, % | gain |\n|---|---|---|---|\n");
        Map<Rationale, Interval> gains = new EnumMap<>(Rationale.class);
        for (Rationale each : Rationale.values()) {
            gains.put(
                    each,
                    Verdict.over(
                            seeds,
                            i -> 100
                                    * (all.get(i).reasoned.get(each)
                                            - all.get(i).plain.get(each))));
            text.append("| %s | %s | %s | %s |\n"
                    .formatted(
                            each.title(),
                            shown(Verdict.over(
                                    seeds, i -> 100 * all.get(i).plain.get(each))),
                            shown(Verdict.over(
                                    seeds, i -> 100 * all.get(i).reasoned.get(each))),
                            shown(gains.get(each))));
        }
        Interval swapped = Verdict.over(seeds, i -> 100 * all.get(i).swapped);
        Interval followed = Verdict.over(seeds, i -> 100 * all.get(i).followed);
        text.append("| steps, replaced by another question's before the answer | | %s | |\n".formatted(shown(swapped)));
        text.append("\n- **steps:** ")
                .append(Verdict.of(gains.get(Rationale.STEPS))
                        .choose(
                                "the prediction holds, the gain is above 0.",
                                "the prediction does not hold here: steps do harm.",
                                "the prediction does not hold here: the interval of the gain includes 0."));
        for (Rationale control : List.of(Rationale.OTHERS, Rationale.DOTS)) {
            text.append("\n- **control, %s:** ".formatted(control.title()))
                    .append(Verdict.of(gains.get(control))
                            .choose(
                                    "a gain, which a control should not show.",
                                    "a loss: it does harm.",
                                    "no gain, as it should be."));
        }
        Interval alone = Verdict.over(
                seeds,
                i -> 100
                        * (all.get(i).plain.get(Rationale.NONE)
                                - all.get(i).plain.get(Rationale.STEPS)));
        text.append("\n- **answers alone, against the model of steps, both at once:** %s: ".formatted(shown(alone)))
                .append(Verdict.of(alone)
                        .choose(
                                "better, the prediction does not hold here.",
                                "no better but worse, the prediction holds.",
                                "no better that can be told, as predicted."));
        return text.append(
                        "\n- **whose steps:** with another question's steps in place of its own, the model gives that question's answer in %s %% of the cases.\n"
                                .formatted(shown(followed)))
                .toString();
    }

    private static void plot(LabSetting setting, List<Measured> all) {
        double[] seeds = LongStream.of(setting.seeds()).asDoubleStream().toArray();
        LabPlot plot = new LabPlot(new Labels("A chain of thought and its controls", "seed", "right, %"));
        plot.points("at once", seeds, percent(all, each -> each.plain.get(Rationale.STEPS)));
        for (Rationale each : Rationale.values()) {
            if (each != Rationale.NONE) {
                plot.points("behind " + each.title(), seeds, percent(all, one -> one.reasoned.get(each)));
            }
        }
        plot.write(setting.folder().path().resolve("cot.png"));
    }

    private static double[] percent(List<Measured> all, ToDoubleFunction<Measured> of) {
        return all.stream().mapToDouble(each -> 100 * of.applyAsDouble(each)).toArray();
    }

    private static String shown(Interval interval) {
        return Verdict.shown(interval, 1);
    }
}
