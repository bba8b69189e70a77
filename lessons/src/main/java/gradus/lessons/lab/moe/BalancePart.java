package gradus.lessons.lab.moe;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Who does the work, at what price, against dense networks.
///
/// @param runs trains
record BalancePart(MoeRuns runs) {
    /// A difference of losses, in nats a token, that is called small.
    static final double NEAR = 0.05;

    private static final double EXACT = 1e-4; // nats a token: rounding in 32 bits
    private static final double MILLI = 1e-3;
    private static final String LOSS = "loss";
    private static final String WEIGHTS = "thousand weights";
    private static final String TIME = "fastest step, ms";
    private static final String BEGIN = "variation, step 1";
    private static final String FIRST = "variation, layer 1";
    private static final String SECOND = "layer 2";
    private static final String MEAN = "mean";
    private static final String UNUSED = "unused";
    private static final String CHANGE = "change by a later token";
    private static final String WHOLE = "loss, read at once";
    private static final String ALONE = "loss, token by token";
    private static final String FREE = Mixing.free().name();
    private static final String LOSS_TERM = Mixing.balanced().name();
    private static final String BIAS = Mixing.biased().name();
    private static final String FROZEN = Mixing.frozen().name();
    private static final String CHOOSING = Mixing.choosing().name();
    private static final String DENSE = Mixing.dense().name();
    private static final String LARGE = Mixing.whole().name();

    private static List<Mixing> all() {
        return List.of(
                Mixing.dense(),
                Mixing.whole(),
                Mixing.free(),
                Mixing.balanced(),
                Mixing.biased(),
                Mixing.choosing(),
                Mixing.frozen());
    }

    /// A table without numbers.
    static SeedTable empty() {
        return new SeedTable(
                "feed-forward", 3, LOSS, WEIGHTS, TIME, BEGIN, FIRST, SECOND, MEAN, UNUSED, CHANGE, WHOLE, ALONE);
    }

    Section section(Path folder) {
        SeedTable table = empty();
        SequencedMap<String, List<JsonNode>> courses = new LinkedHashMap<>();
        for (long seed : runs.seeds()) {
            for (Mixing mixing : all()) {
                JsonNode run = runs.measured("top", mixing, seed);
                put(table, mixing.name(), run);
                if (!run.path("step").isEmpty()) {
                    courses.computeIfAbsent(mixing.name(), key -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        plot(folder.resolve("balance.png"), courses);
        Section section = new Section("Balance", prediction())
                .add(table.markdown(List.of(LOSS, WEIGHTS, TIME)))
                .add(table.markdown(List.of(BEGIN, FIRST, SECOND, UNUSED)))
                .add(table.markdown(List.of(CHANGE, WHOLE, ALONE)))
                .add("""
                        Losses are of the same held-out text, in nats a token. The variation is the deviation of the experts' loads \
                        over their mean, 0 in balance and √7 where one does everything; unused is the share of experts with less \
                        than a tenth of the even share. The change is of the logits of earlier positions. The last two columns are \
                        of single rows, read at once as in training, and from the tokens before each alone as in generation. The \
                        fastest step depends on the machine.""");
        return claims(section, table);
    }

    private static void put(SeedTable table, String name, JsonNode run) {
        JsonNode variation = run.path("variation");
        boolean mixed = !variation.isEmpty();
        JsonNode end = variation.path(variation.size() - 1);
        JsonNode unused = run.path("unused").path(variation.size() - 1);
        table.put(
                name,
                run.path("loss").asDouble(),
                run.path("parameters").asDouble() * MILLI,
                run.path("seconds").asDouble() / MILLI,
                mixed ? mean(variation.path(0)) : Double.NaN,
                mixed ? end.path(0).asDouble() : Double.NaN,
                mixed ? end.path(1).asDouble() : Double.NaN,
                mixed ? mean(end) : Double.NaN,
                mixed ? mean(unused) : Double.NaN,
                run.path("change").asDouble(),
                run.path("whole").asDouble(),
                run.path("generating").asDouble());
    }

    private static double mean(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).average().orElseThrow();
    }

    static Section claims(Section section, SeedTable table) {
        Interval price = table.difference(LOSS_TERM, FREE, LOSS);
        Interval choosing = table.of(CHOOSING, MEAN);
        section.claim(
                        "Without balance the load concentrates: its variation grows from step 1 to the end (Shazeer et al. 2017), by",
                        Verdict.over(table.seeds(), seed -> table.at(FREE, MEAN, seed) - table.at(FREE, BEGIN, seed)),
                        0)
                .claim("The loss term lowers the variation, by", table.difference(FREE, LOSS_TERM, MEAN), 0)
                .claim("It lowers the share of unused experts, by", table.difference(FREE, LOSS_TERM, UNUSED), 0)
                .claim("Its price is less than " + NEAR + " nats", price, price.mean() + price.half() < NEAR)
                .claim("The bias lowers the variation (2408.15664), by", table.difference(FREE, BIAS, MEAN), 0)
                .claim(
                        "With the bias the loss is lower than with the loss term (2408.15664), by",
                        table.difference(LOSS_TERM, BIAS, LOSS),
                        0);
        section.claim(
                        "Experts that choose are in balance by construction: their variation is 0",
                        choosing,
                        choosing.mean() == 0 && !(choosing.half() > 0))
                .claim(
                        "Where experts choose, a later token changes what is said of earlier ones, by up to",
                        table.of(CHOOSING, CHANGE),
                        0)
                .claim(
                        "Where experts choose, the loss token by token is higher than that of rows read at once, by",
                        alone(table, CHOOSING),
                        0)
                .claim(
                        "Control: where tokens choose, no later token changes anything, and the losses are the same within "
                                + EXACT,
                        Verdict.shown(table.of(LOSS_TERM, CHANGE), 6) + " and "
                                + Verdict.shown(alone(table, LOSS_TERM), 6),
                        isCausal(table, FREE) && isCausal(table, LOSS_TERM) && isCausal(table, BIAS));
        return section.claim(
                        "Experts are better than a dense network of equal operations (Shazeer et al. 2017; Fedus et al. 2021): its"
                                + " loss exceeds theirs, with the loss term, by",
                        table.difference(DENSE, LOSS_TERM, LOSS),
                        0)
                .claim(
                        "They are worse than a dense network of equal weights, by",
                        table.difference(LOSS_TERM, LARGE, LOSS),
                        0)
                .claim(
                        "A frozen random router loses to one that learns, both without balance, by",
                        table.difference(FROZEN, FREE, LOSS),
                        0);
    }

    private static Interval alone(SeedTable table, String row) {
        return Verdict.over(table.seeds(), seed -> table.at(row, ALONE, seed) - table.at(row, WHOLE, seed));
    }

    private static boolean isCausal(SeedTable table, String row) {
        return IntStream.range(0, table.seeds())
                .allMatch(seed -> table.at(row, CHANGE, seed) < EXACT
                        && Math.abs(table.at(row, ALONE, seed) - table.at(row, WHOLE, seed)) < EXACT);
    }

    private static void plot(Path file, SequencedMap<String, List<JsonNode>> courses) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        courses.forEach((name, seeds) -> {
            double[] steps = seeds.getFirst()
                    .path("step")
                    .valueStream()
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            List<Interval> means = IntStream.range(0, steps.length)
                    .mapToObj(i -> Verdict.over(
                            seeds.size(),
                            seed -> mean(seeds.get(seed).path("variation").path(i))))
                    .toList();
            curves.put(
                    name,
                    new Curve(
                            steps,
                            means.stream().mapToDouble(Interval::mean).toArray(),
                            means.stream().mapToDouble(Interval::half).toArray()));
        });
        LabPlot.curves(
                file, new Labels("Spread of the load, mean of both layers", "step", "deviation over mean"), curves);
    }

    /// Before anything is measured.
    String prediction() {
        return """
                A GPT of two layers learns a text in %1$s steps. Its feed-forward networks are mixtures of %2$s experts, of which a \
                token goes through two, or dense. Without anything that balances, a router should send more and more to experts that \
                are chosen already, some of which then have nothing to do (Shazeer et al. 2017, arXiv:1701.06538); the loss term with \
                the weight 0.01 (Fedus et al. 2021, arXiv:2101.03961) should spread the work at a price of less than %3$s nats, and \
                the bias of DeepSeek (Wang et al. 2024, arXiv:2408.15664, u = 0.001) at a lower price. Experts that choose their tokens \
                (Zhou et al. 2022, arXiv:2202.09368) are in balance by construction, but whether they take a token depends on later \
                ones: a later token should change what is said of earlier ones, so that generation, which has none, should have a \
                higher loss than training shows. The experts should be better than a dense network of equal operations for a token, \
                and worse than one of equal weights. Control: a router that is frozen at random should lose to one that learns; Roller \
                et al. 2021 (arXiv:2106.04426) found that a fixed choice is not much worse.""".formatted(runs.steps(), Mixing.EXPERTS, NEAR);
    }
}
