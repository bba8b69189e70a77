package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.IDS;
import static gradus.layers.adapter.SmallAdapters.gpt;
import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.Linear;
import gradus.layers.adapter.SmallAdapters.One;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.Head;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Several adapters on whole models: combined, switched, and on which layers.
class AdaptersOfModelsTest {
    @Property(tries = 200)
    void severalAddUpAndCatIsTheirSum(
            @ForAll long seed,
            @ForAll @IntRange(min = -4, max = 4) int first,
            @ForAll @IntRange(min = -4, max = 4) int second) {
        One one = one(5, 4, seed);
        Tensor x = input(seed, 3, 5);
        double[] plain = one.linear.forward(x).toArray();
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(seed));
        shuffle(adapters, "a", seed);
        double[] a = one.linear.forward(x).toArray();
        adapters.add("b", lora(1).withRslora(true), Rng.of(seed + 1));
        shuffle(adapters, "b", seed + 1);
        double[] b = one.linear.forward(x).toArray();
        adapters.use();
        assertThat(one.linear.forward(x).toArray()).isEqualTo(plain);
        adapters.use("a");
        assertThat(one.linear.forward(x).toArray()).isEqualTo(a);
        double[] both = new double[plain.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = plain[i] + first * 0.5 * (a[i] - plain[i]) + second * 0.5 * (b[i] - plain[i]);
        }
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", first * 0.5);
        weights.put("b", second * 0.5);
        adapters.use(weights);
        near(one.linear.forward(x), both, 1e-10);
        adapters.merge();
        near(one.linear.forward(x), both, 1e-10);
        adapters.unmerge();
        adapters.combine("cat", weights, new Combination.Cat());
        near(one.linear.forward(x), both, 1e-10);
        assertThat(((Lora) adapters.parts("cat").get("linear")).a().dim(0)).isEqualTo(3);
        adapters.combine("svd", weights, new Combination.Svd(3));
        near(one.linear.forward(x), both, 1e-10); // rank 3 holds the sum of ranks 2 and 1
    }

    /// By the numbers of the papers' rules on matrices of one row.
    @Test
    void rulesOfEntries() {
        Tensor b = Tensor.ones(1, 1).to(DType.FLOAT64);
        List<LowRank> pairs = List.of(
                new LowRank(Tensor.of(new double[] {4, -1, 3, 0.5}, 1, 4), b),
                new LowRank(Tensor.of(new double[] {2, 5, -4, 0.1}, 1, 4), b));
        assertThat(new Combination.Linear()
                        .of("l", pairs, new double[] {4, -9})
                        .a()
                        .toArray())
                .containsExactly(2 * 4 - 3 * 2, -2 - 15, 6 + 12, 1 - 0.3);
        assertThat(new Combination.MagnitudePrune(0.5)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly(4, 10, 3 - 8, 0);
        // sums 4, 5, -1: the first has the sign +, the third -; halves of four are two entries each
        assertThat(new Combination.Ties(0.5)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly(4, 10, -8, 0);
        assertThat(new Combination.Ties(1)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly((4 + 2 * 2) / 2.0, 10, -8, (0.5 + 0.2) / 2);
        double[] dare = new Combination.DareLinear(0.5, Rng.of(1))
                .of("l", pairs, new double[] {1, 0})
                .a()
                .toArray();
        double[] given = {4, -1, 3, 0.5};
        for (int i = 0; i < 4; i++) {
            assertThat(dare[i]).isIn(0.0, 2 * given[i]);
        }
    }

    @Test
    void modulesToSaveAreTrainedAsAWholeAndSwitched() {
        Gpt gpt = gpt(Head.OWN);
        double[] plain = gpt.forward(IDS).toArray();
        Adapters adapters = Adapters.of(gpt);
        LoraConfig config = LoraConfig.of(Targets.allLinear()).withR(2).withModulesToSave("lm_head", "ln_f");
        adapters.add("a", config, Rng.of(1));
        assertThat(adapters.modules("a").keySet()).containsExactly("lm_head.weight", "ln_f.weight", "ln_f.bias");
        assertThat(adapters.parts("a").keySet()).doesNotContain("lm_head");
        assertThat(gpt.namedParameters().get("ln_f.weight").requiresGrad()).isTrue();
        assertThat(gpt.namedParameters().get("h.0.ln_1.weight").requiresGrad()).isFalse();
        adapters.modules("a").get("ln_f.bias").set(1, 2, 3, 4, 5, 6, 7, 8);
        double[] changed = gpt.forward(IDS).toArray();
        assertThat(changed).isNotEqualTo(plain);
        adapters.use();
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThat(gpt.parameters()).noneMatch(Tensor::requiresGrad);
        adapters.use("a");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(changed);
        adapters.add("b", config, Rng.of(2));
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThatThrownBy(() -> adapters.use("a", "b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("both have values of their own for lm_head.weight");
        adapters.remove("b");
        adapters.remove("a");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
    }

    @Test
    void aTiedHeadHasTheTrainedTokensAndNoLora() {
        Gpt gpt = gpt(Head.TIED);
        Adapters adapters = Adapters.of(gpt);
        adapters.add(
                "a", LoraConfig.of(Targets.named("c_attn")).withTrainableTokens(Map.of("wte", List.of(5))), Rng.of(1));
        ((TrainableTokens) adapters.parts("a").get("wte")).rows().set(9, 9, 9, 9, 9, 9, 9, -9);
        Tensor apart = gpt.forward(IDS);
        adapters.merge();
        near(gpt.forward(IDS), apart.toArray(), 1e-4);
        adapters.unmerge();
        adapters.add("b", LoraConfig.of(Targets.named("wte")).withR(2), Rng.of(1));
        shuffle(adapters, "b", 2);
        apart = gpt.forward(IDS);
        adapters.merge();
        near(gpt.forward(IDS), apart.toArray(), 1e-3);
    }

    // --- where

    private static List<String> chosen(Targets targets) {
        return List.copyOf(targets.in(gpt(Head.OWN)).keySet());
    }

    @Test
    void layersAreChosenByEveryKindOfTarget() {
        assertThat(chosen(Targets.named("c_attn"))).containsExactly("h.0.attn.c_attn", "h.1.attn.c_attn");
        assertThat(chosen(Targets.named("attn.c_proj", "wte")))
                .containsExactly("wte", "h.0.attn.c_proj", "h.1.attn.c_proj");
        assertThat(chosen(Targets.named("h.1.mlp.c_fc"))).containsExactly("h.1.mlp.c_fc");
        assertThat(chosen(Targets.matching(".*\\.mlp\\.c_.*").except("c_fc")))
                .containsExactly("h.0.mlp.c_proj", "h.1.mlp.c_proj");
        assertThat(chosen(Targets.allLinear())).hasSize(8).doesNotContain("lm_head");
        assertThat(chosen(Targets.allLinear().exceptMatching("h\\.0\\..*"))).hasSize(4);
        assertThat(chosen(Targets.where((name, layer) -> layer instanceof Linear l && l.out() == 24)))
                .containsExactly("h.0.attn.c_attn", "h.1.attn.c_attn");
        assertThat(chosen(Targets.named("c_attn").layers(1).layersIn("h"))).containsExactly("h.1.attn.c_attn");
        assertThatThrownBy(() -> chosen(Targets.named("c_attn").layers(1).layersIn("x")))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> chosen(Targets.named("attn")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("targets: h.0.attn is a ");
        assertThatThrownBy(() -> chosen(Targets.named("q_proj")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("targets: no layer of the model is chosen");
        assertThatThrownBy(() -> Targets.matching("(")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> chosen(Targets.matching(".*.*.*.*.*.*.*.*.*.*.*.*!")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("takes too long");
    }

    @Test
    void patternsChangeRankAndAlpha() {
        Gpt gpt = gpt(Head.OWN);
        Adapters adapters = Adapters.of(gpt);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        ranks.put("h.1.attn.c_attn", 3);
        ranks.put("c_attn|c_fc", 1);
        adapters.add(
                "a",
                LoraConfig.of(Targets.allLinear())
                        .withR(2)
                        .withRankPattern(ranks)
                        .withAlphaPattern(new LinkedHashMap<>(Map.of("mlp\\.c_.*", 5.0))),
                Rng.of(1));
        Lora first = (Lora) adapters.parts("a").get("h.1.attn.c_attn");
        Lora second = (Lora) adapters.parts("a").get("h.0.mlp.c_fc");
        Lora third = (Lora) adapters.parts("a").get("h.0.attn.c_proj");
        assertThat(List.of(first.a().dim(0), second.a().dim(0), third.a().dim(0)))
                .containsExactly(3, 1, 2);
        assertThat(List.of(first.scale(), second.scale(), third.scale())).containsExactly(8.0 / 3, 5.0, 4.0);
    }

    // --- what is refused

    @Test
    void whatCannotBeIsRefusedAndNothingChanges() {
        Gpt gpt = gpt(Head.OWN);
        double[] plain = gpt.forward(IDS).toArray();
        Adapters adapters = Adapters.of(gpt);
        LoraConfig config = LoraConfig.of(Targets.named("c_attn"));
        assertThatThrownBy(() -> adapters.add("a", config.withR(9), Rng.of(1))) // BAD-INPUT 29
                .isInstanceOf(ConfigException.class)
                .hasMessage("LoRA on h.0.attn.c_attn: r must be from 1 to 8, the smaller side of its (24, 8) matrix;"
                        + " got 9");
        assertThatThrownBy(() -> config.withR(0)).hasMessage("lora: r must be at least 1; got 0");
        assertThatThrownBy(() -> config.withAlpha(Double.NaN)) // BAD-INPUT 30
                .hasMessage("lora: alpha must be above 0; got NaN");
        assertThatThrownBy(() -> config.withDropout(1)).hasMessage("lora: dropout must be in [0, 1); got 1.0");
        assertThatThrownBy(() -> adapters.add("a.b", config, Rng.of(1))).hasMessageContaining("without dots");
        assertThatThrownBy(() -> adapters.add("a", config.withModulesToSave("head"), Rng.of(1)))
                .hasMessage("modulesToSave: the model has no layer head");
        assertThatThrownBy(() -> adapters.add("a", config.withTrainableTokens(Map.of("wte", List.of(7))), Rng.of(1)))
                .hasMessage("trainable tokens of wte: a token must be from 0 to 6; got 7");
        assertThatThrownBy(() -> adapters.add(
                        "a", config.withTargets(Targets.named("wte")).withDora(true), Rng.of(1)))
                .hasMessage("lora: wte is an Embedding; DoRA adapts a Linear");
        assertThatThrownBy(() -> adapters.use("b")).hasMessage("adapters: there is no adapter \"b\"; there are []");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThat(adapters.names()).isEmpty();
        adapters.add("a", config, Rng.of(1));
        assertThatThrownBy(() -> adapters.add("a", config, Rng.of(1)))
                .hasMessage("adapters: there is an adapter \"a\" already");
        assertThatThrownBy(() -> Adapters.of(gpt)).hasMessageContaining("has an adapter already");
        adapters.merge();
        assertThatThrownBy(() -> adapters.use("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> adapters.remove("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> adapters.add("b", config, Rng.of(1))).isInstanceOf(IllegalStateException.class);
    }
}
