package gradus.lessons.lab.norms;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import tools.jackson.databind.JsonNode;

/// All norms at one learning rate.
///
/// @param runs trains
/// @param rate that all have
record LossPart(NormRuns runs, double rate) {
    /// A difference of losses, in nats a token, that is called none.
    static final double NEAR = 0.05;

    private static final double MILLI = 1e-3;
    private static final String LOSS = "loss";
    private static final String OWN = "loss as in training";
    private static final String LEAK = "leak in training";
    private static final String TIME = "fastest step, ms";

    Section section() {
        SeedTable table = new SeedTable("norm", 4, LOSS, OWN, LEAK, TIME);
        for (long seed : runs.seeds()) {
            for (Norming norming : Norming.all()) {
                JsonNode run = runs.measured(norming, rate, true, seed);
                table.put(
                        norming.name(),
                        run.path("loss").asDouble(Double.NaN),
                        run.path("trainingLoss").asDouble(Double.NaN),
                        run.path("leak").asDouble(Double.NaN),
                        run.path("seconds").asDouble(Double.NaN) / MILLI);
            }
        }
        Interval rms = table.difference("pre-rmsnorm", "pre-layernorm", LOSS);
        Interval post = table.difference("post-layernorm", "pre-layernorm", LOSS);
        return new Section("Loss at one rate", prediction())
                .add(table.markdown())
                .add("""
                        Losses are of the same held-out text, in nats a token; an empty cell is of trainings that broke off. \
                        The leak is by how much at most the logits of earlier positions and of another row change when a \
                        token does, in training. The step is the fastest one of each training.""")
                .claim("pre: RMSNorm's loss is LayerNorm's within " + NEAR, rms, within(rms, NEAR))
                .claim("LayerNorm after the sum is as good as before, within " + NEAR, post, within(post, NEAR))
                .claim("No norm loses to pre-LayerNorm, by", table.difference("none", "pre-layernorm", LOSS), 0)
                .claim(
                        "pre-BatchNorm loses to pre-LayerNorm, by",
                        table.difference("pre-batchnorm", "pre-layernorm", LOSS),
                        0)
                .claim(
                        "pre-BatchNorm's loss is lower as in training than with running means, by",
                        Verdict.over(
                                table.seeds(),
                                seed -> table.at("pre-batchnorm", LOSS, seed) - table.at("pre-batchnorm", OWN, seed)),
                        0)
                .claim(
                        "RMSNorm's step is faster than LayerNorm's, by, in ms",
                        table.difference("pre-layernorm", "pre-rmsnorm", TIME),
                        0)
                .claim("Control: BatchNorm leaks, and nothing else does", leaking(table), onlyBatchNormLeaks(table));
    }

    /// Whether all of an interval lies between a bound and its negative.
    static boolean within(Interval interval, double bound) {
        return Math.abs(interval.mean()) + interval.half() <= bound;
    }

    private static String leaking(SeedTable table) {
        return table.rows().stream()
                .filter(row -> table.of(row, LEAK).mean() > 0)
                .toList()
                .toString();
    }

    private static boolean onlyBatchNormLeaks(SeedTable table) {
        return table.rows().stream()
                .allMatch(
                        row -> row.endsWith("batchnorm") == (table.of(row, LEAK).mean() > 0));
    }

    /// What it expects, before anything is measured.
    String prediction() {
        return """
                A GPT of %s layers learns a text by AdamW at the rate %s, which rises for a tenth of the steps and then falls. \
                RMSNorm should come as far as LayerNorm (within %s nats a token) in less time (Zhang & Sennrich 2019, \
                arXiv:1910.07467); a model without norms should stay behind (Ba et al. 2016, arXiv:1607.06450). With a rate \
                that rises first, norms after the sum should come as far as norms before the branch (Xiong et al. 2020, \
                arXiv:2002.04745). BatchNorm (Ioffe & Szegedy 2015, arXiv:1502.03167) takes its statistics from the whole \
                batch: in training each position hears something of the tokens that come later and of other rows. So its loss \
                should be lower where a text is taken as a batch of training than where the running means stand in, and then \
                higher than LayerNorm's.""".formatted(runs.size().layers(), rate, NEAR);
    }
}
