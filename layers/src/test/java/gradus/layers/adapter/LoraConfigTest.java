package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Checks what a LoRA's settings take, what they refuse, and that each is changed alone.
class LoraConfigTest {
    private static final LoraConfig ALL = new LoraConfig(
            Targets.named("a"),
            new LoraScale(3, 5, true, ranks("x", 2), alphas("y", 7.0)),
            true,
            0.25,
            LoraStart.OLORA,
            new LoraExtras(List.of("m"), Map.of("t", List.of(1))));

    private static SequencedMap<String, Integer> ranks(String pattern, int r) {
        return new LinkedHashMap<>(Map.of(pattern, r));
    }

    private static SequencedMap<String, Double> alphas(String pattern, double alpha) {
        return new LinkedHashMap<>(Map.of(pattern, alpha));
    }

    private static Map<String, Object> settings(LoraConfig config) {
        return Map.ofEntries(
                Map.entry("targets", config.targets()),
                Map.entry("r", config.scale().r()),
                Map.entry("alpha", config.scale().alpha()),
                Map.entry("rslora", config.scale().useRslora()),
                Map.entry("ranks", config.scale().rankPattern()),
                Map.entry("alphas", config.scale().alphaPattern()),
                Map.entry("dora", config.useDora()),
                Map.entry("dropout", config.dropout()),
                Map.entry("start", config.start()),
                Map.entry("modules", config.modulesToSave()),
                Map.entry("tokens", config.extras().trainableTokenIndices()));
    }

    @Test
    void each_setting_is_changed_alone() {
        Targets targets = Targets.named("b");
        Map<String, Object> values = Map.ofEntries(
                Map.entry("targets", targets),
                Map.entry("r", 4),
                Map.entry("alpha", 6.0),
                Map.entry("rslora", false),
                Map.entry("ranks", ranks("z", 1)),
                Map.entry("alphas", alphas("z", 1)),
                Map.entry("dora", false),
                Map.entry("dropout", 0.5),
                Map.entry("start", LoraStart.PISSA),
                Map.entry("modules", List.of("n", "o")),
                Map.entry("tokens", Map.of("u", List.of(2, 3))));
        Map<String, UnaryOperator<LoraConfig>> changes = Map.ofEntries(
                Map.entry("targets", config -> config.withTargets(targets)),
                Map.entry("r", config -> config.withR(4)),
                Map.entry("alpha", config -> config.withAlpha(6)),
                Map.entry("rslora", config -> config.withRslora(false)),
                Map.entry("ranks", config -> config.withRankPattern(ranks("z", 1))),
                Map.entry("alphas", config -> config.withAlphaPattern(alphas("z", 1))),
                Map.entry("dora", config -> config.withDora(false)),
                Map.entry("dropout", config -> config.withDropout(0.5)),
                Map.entry("start", config -> config.withStart(LoraStart.PISSA)),
                Map.entry("modules", config -> config.withModulesToSave("n", "o")),
                Map.entry("tokens", config -> config.withTrainableTokens(Map.of("u", List.of(2, 3)))));
        assertThat(changes.keySet()).isEqualTo(settings(ALL).keySet()).isEqualTo(values.keySet());
        changes.forEach((name, change) -> {
            Map<String, Object> expected = new LinkedHashMap<>(settings(ALL));
            expected.put(name, values.get(name));
            assertThat(settings(change.apply(ALL))).as(name).isEqualTo(expected);
        });
    }

    /// α/r and α/√r by hand; the first pattern that fits counts, at the end of a name only.
    @Test
    void scales_of_layers() {
        SequencedMap<String, Integer> ranks = ranks("mlp\\.up", 4);
        ranks.put("up", 16);
        LoraScale scale = new LoraScale(9, 6, false, ranks, alphas("k_proj", 12));
        assertThat(scale.rankOf("h.0.mlp.up")).isEqualTo(4);
        assertThat(scale.rankOf("h.0.up")).isEqualTo(16);
        assertThat(scale.rankOf("h.0.up.other")).isEqualTo(9);
        assertThat(scale.rankOf("h.0.setup")).isEqualTo(9); // a pattern begins where a name's part does
        assertThat(scale.rankOf("up")).isEqualTo(16);
        assertThat(scale.of("q_proj")).isEqualTo(6.0 / 9);
        assertThat(scale.of("h.1.k_proj")).isEqualTo(12.0 / 9);
        assertThat(scale.withRslora(true).of("h.1.k_proj")).isEqualTo(4);
        assertThat(scale.withRslora(true).of("h.0.mlp.up")).isEqualTo(3);
    }

    @Test
    void later_changes_of_what_was_given_change_nothing() {
        SequencedMap<String, Integer> ranks = ranks("x", 2);
        List<Integer> tokens = new ArrayList<>(List.of(1));
        LoraConfig config = ALL.withRankPattern(ranks).withTrainableTokens(Map.of("t", tokens));
        ranks.put("y", 3);
        tokens.add(2);
        assertThat(config.scale().rankPattern()).containsOnlyKeys("x");
        assertThat(config.extras().trainableTokenIndices()).isEqualTo(Map.of("t", List.of(1)));
    }

    @Test
    void refuses_what_cannot_be() {
        refused(() -> ALL.withR(0), "lora: r must be at least 1; got 0"); // BAD-INPUT 29
        refused(() -> ALL.withRankPattern(ranks("x", 0)), "lora: x must be at least 1; got 0");
        refused(() -> ALL.withAlpha(0), "lora: alpha must be above 0; got 0.0"); // BAD-INPUT 30
        refused(() -> ALL.withAlpha(Double.POSITIVE_INFINITY), "lora: alpha must be above 0; got Infinity");
        refused(() -> ALL.withAlphaPattern(alphas("x", -1)), "lora: x must be above 0; got -1.0");
        refused(() -> ALL.withAlphaPattern(alphas("(", 1)), "targets: \"(\" is no regular expression");
        refused(() -> ALL.withRankPattern(ranks("(", 1)), "targets: \"(\" is no regular expression");
        refused(() -> ALL.withDropout(1), "lora: dropout must be in [0, 1); got 1.0"); // BAD-INPUT 25
        refused(() -> ALL.withDropout(Double.NaN), "lora: dropout must be in [0, 1); got NaN");
        refused(() -> ALL.withStart(null), "lora: targets, scale, start and extras must be given; got null");
        refused(() -> ALL.withTargets(null), "lora: targets, scale, start and extras must be given; got null");
        refused(
                () -> ALL.withTrainableTokens(null),
                "lora: modulesToSave and trainableTokenIndices must be given, if empty; got [m] and null");
    }

    private static void refused(Runnable change, String message) {
        assertThatThrownBy(change::run).isInstanceOf(ConfigException.class).hasMessage(message);
    }
}
