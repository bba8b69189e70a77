package gradus.lessons.lab.prompt.sum;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptedTogether;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.tensor.random.Rng;
import gradus.train.rl.verifiable.Question;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// `self-consistency`: what votes gain, by their number, and where the gain must end. Wang et al. 2022,
/// arXiv:2203.11171. A model that knows the steps by half draws chains at a temperature; more chains, drawn
/// apart from those, tell how likely each answer is, and so what `VoteChance` n votes have and what is their
/// limit. The control votes among chains of temperature 0.
///
/// @param plan        sizes
/// @param draws       further chains of a question, that tell the probabilities
/// @param temperature of what is drawn
public record ConsistencyPart(SumPlan plan, int draws, double temperature) implements LabPart {
    private static final int[] VOTES = {1, 3, 5, 10, 20};
    private static final int MOST = 20;

    @Override
    public String name() {
        return "self-consistency";
    }

    @Override
    public String about() {
        return "votes by their number, and their limit";
    }

    @Override
    public String prediction() {
        return String.format(Locale.ROOT, """
                A model that knows the steps by half; chains at temperature %s. **Prediction:** more votes are right more often,
                up to the share of questions whose likeliest answer is right, and no further; the numbers of votes between follow
                from how likely each answer is. **Control:** at temperature 0 all chains are one, and votes gain nothing.
                """, temperature);
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(plan.half());
    }

    /// Of one seed: shares of right answers, by the number of votes.
    record Measured(double[] voted, double[] expected, double[] greedy, double limit) {}

    private Measured measure(LabSetting setting, long seed) {
        TextModel model = setting.material().text(plan.half(), seed);
        List<Question> questions =
                new DigitSum(plan.digits()).heldOut(Rng.of(seed).at("held out"), plan.heldOut());
        long own = Rng.of(seed).at("votes").bits(0);
        List<List<Outcome>> cast = chains(model, questions, temperature, MOST, own);
        List<List<Outcome>> greedy = chains(model, questions, 0, MOST, own);
        List<List<Outcome>> further = chains(
                model, questions, temperature, draws, Rng.of(seed).at("votes").bits(1));
        List<double[]> chances = new ArrayList<>();
        for (List<Outcome> chain : further) {
            chances.add(chances(chain));
        }
        return new Measured(
                Arrays.stream(VOTES).mapToDouble(n -> voted(questions, cast, n)).toArray(),
                Arrays.stream(VOTES)
                        .mapToDouble(n ->
                                mean(questions, i -> VoteChance.of(chances.get(i), answer(questions.get(i)), n)))
                        .toArray(),
                Arrays.stream(VOTES)
                        .mapToDouble(n -> voted(questions, greedy, n))
                        .toArray(),
                mean(questions, i -> VoteChance.limit(chances.get(i), answer(questions.get(i)))));
    }

    private static List<List<Outcome>> chains(
            TextModel model, List<Question> questions, double temperature, int count, long seed) {
        return PromptedTogether.run(
                model,
                Asked.prompts(questions),
                (same, question) -> SelfConsistency.counted(Rationale.chain(same, temperature, seed), count)
                        .chains(question));
    }

    private static int answer(Question question) {
        return question.answer().charAt(0) - '0';
    }

    /// How often each answer came, as a share of all chains.
    private static double[] chances(List<Outcome> chains) {
        double[] chances = new double[DigitSum.BASE];
        for (Outcome each : chains) {
            String answer = each.answerOr("");
            if (answer.matches("[0-4]")) {
                chances[answer.charAt(0) - '0'] += 1.0 / chains.size();
            }
        }
        return chances;
    }

    /// The share of questions that n votes answer right, a mean over as many separate votes as there are chains
    /// for.
    static double voted(List<Question> questions, List<List<Outcome>> chains, int n) {
        return mean(questions, i -> {
            SelfConsistency counted = SelfConsistency.counted(Rationale.chain((prompt, options) -> ""), n);
            int rounds = MOST / n;
            int right = 0;
            for (int round = 0; round < rounds; round++) {
                List<Outcome> some = chains.get(i).subList(round * n, (round + 1) * n);
                String winner = counted.votes(some).winner().orElse("");
                right += winner.equals(questions.get(i).answer()) ? 1 : 0;
            }
            return right / (double) rounds;
        });
    }

    private static double mean(List<Question> questions, IntToDoubleFunction of) {
        return IntStream.range(0, questions.size()).mapToDouble(of).average().orElseThrow();
    }

    @Override
    public String run(LabSetting setting) {
        List<Measured> all = new ArrayList<>();
        for (long seed : setting.seeds()) {
            all.add(measure(setting, seed));
            setting.say()
                    .accept("  seed %s: votes %s, limit %s"
                            .formatted(seed, Arrays.toString(all.getLast().voted), all.getLast().limit));
        }
        StringBuilder text = new StringBuilder("## self-consistency: the answer of most chains\n\n" + prediction())
                .append("\nRight, in %:\n\n| votes | measured | computed | at temperature 0 |\n|---|---|---|---|\n");
        for (int i = 0; i < VOTES.length; i++) {
            int n = i;
            text.append("| %s | %s | %s | %s |\n"
                    .formatted(
                            VOTES[n],
                            shown(over(all, each -> each.voted[n])),
                            shown(over(all, each -> each.expected[n])),
                            shown(over(all, each -> each.greedy[n]))));
        }
        text.append("| limit | | %s | |\n".formatted(shown(over(all, Measured::limit))));
        plot(setting, all);
        return text.append(verdicts(all)).toString();
    }

    static String verdicts(List<Measured> all) {
        int last = VOTES.length - 1;
        Interval gain = over(all, each -> each.voted[last] - each.voted[0]);
        Interval left = over(all, each -> each.limit - each.voted[last]);
        Interval off = over(all, each -> each.voted[last] - each.expected[last]);
        Interval greedy = over(all, each -> each.voted[last] - each.greedy[0]);
        Interval control = over(all, each -> each.greedy[last] - each.greedy[0]);
        return """

                - **20 votes against 1:** %s: %s.
                - **20 votes against one greedy chain:** %s: %s.
                - **The limit less 20 votes:** %s: %s.
                - **Measured less computed, 20 votes:** %s: %s.
                - **Control, 20 votes against 1 at temperature 0:** %s: %s.
                """.formatted(
                shown(gain),
                Verdict.of(gain)
                        .choose(
                                "votes help, the prediction holds",
                                "votes harm, the prediction does not hold here",
                                "no gain that can be told, the prediction does not hold here"),
                shown(greedy),
                Verdict.of(greedy)
                        .choose(
                                "votes are better than the likeliest chain",
                                "votes are worse than the likeliest chain",
                                "no difference that can be told"),
                shown(left),
                Verdict.of(left)
                        .choose(
                                "more votes would gain a little more",
                                "above the limit, which the draws behind it do not tell well",
                                "no difference that can be told"),
                shown(off),
                Verdict.of(off).choose("more than computed", "less than computed", "no difference that can be told"),
                shown(control),
                all.stream().allMatch(each -> each.greedy[last] == each.greedy[0])
                        ? "no gain at all, as it should be"
                        : "a difference, which a control should not show");
    }

    private static Interval over(List<Measured> all, ToDoubleFunction<Measured> of) {
        return Verdict.over(all.size(), i -> 100 * of.applyAsDouble(all.get(i)));
    }

    private static String shown(Interval interval) {
        return Verdict.shown(interval, 1);
    }

    private static void plot(LabSetting setting, List<Measured> all) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        curves.put("measured", curve(all, (each, i) -> each.voted[i]));
        curves.put("computed", curve(all, (each, i) -> each.expected[i]));
        curves.put("temperature 0", curve(all, (each, i) -> each.greedy[i]));
        curves.put("limit", curve(all, (each, i) -> each.limit));
        LabPlot.curves(
                setting.folder().path().resolve("self-consistency.png"),
                new Labels("Self-consistency", "votes", "right, %"),
                curves);
    }

    private static Curve curve(List<Measured> all, ToDoubleBiFunction<Measured, Integer> of) {
        double[] x = Arrays.stream(VOTES).asDoubleStream().toArray();
        double[] y = new double[x.length];
        double[] half = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int n = i;
            Interval interval = over(all, each -> of.applyAsDouble(each, n));
            y[i] = interval.mean();
            half[i] = interval.half();
        }
        return new Curve(x, y, half);
    }
}
