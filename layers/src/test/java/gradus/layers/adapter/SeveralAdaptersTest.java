package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.gpt;
import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Linear;
import gradus.layers.Sequential;
import gradus.layers.adapter.SmallAdapters.One;
import gradus.layers.model.config.Head;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantConfig;
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

/// What one adapter of a layer has to do with the others.
class SeveralAdaptersTest {
    @Property(tries = 200)
    void oneThatGoesLeavesTheOthersAlone(@ForAll @IntRange(max = 2) int gone, @ForAll long seed) {
        One one = one(4, 3, seed);
        Adapters adapters = Adapters.of(one);
        Tensor x = input(seed, 2, 4);
        List<String> names = List.of("a", "b", "c");
        SequencedMap<String, double[]> outputs = new LinkedHashMap<>();
        for (String name : names) {
            adapters.add(name, lora(2), Rng.of(seed).at(name));
            shuffle(adapters, name, seed + name.hashCode());
            outputs.put(name, one.linear.forward(x).toArray());
        }
        adapters.remove(names.get(gone));
        outputs.remove(names.get(gone));
        assertThat(adapters.names()).containsExactlyElementsOf(outputs.keySet());
        outputs.forEach((name, output) -> {
            adapters.use(name);
            assertThat(one.linear.forward(x).toArray()).isEqualTo(output);
        });
    }

    /// A combination is an adapter like others: settings say how it is written to files and made again.
    @Property(tries = 200)
    void aCombinationHasSettingsOfItsOwn(
            @ForAll @IntRange(min = 1, max = 3) int first, @ForAll @IntRange(min = 1, max = 3) int second) {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(first), Rng.of(1));
        adapters.add("b", lora(second), Rng.of(2));
        SequencedMap<String, Double> weights = new LinkedHashMap<>(Map.of("a", 1.0, "b", 2.0));
        adapters.combine("both", weights, new Combination.Cat());
        LoraConfig config = (LoraConfig) adapters.config("both");
        assertThat(config.scale().rankOf("linear")).isEqualTo(first + second);
        assertThat(config.scale().of("linear")).isEqualTo(1);
        assertThat(config.targets().in(one).keySet()).containsExactly("linear");
    }

    @Test
    void aCombinationHasNoHigherRankThanItsMatrix() {
        Adapters adapters = Adapters.of(one(4, 3, 1));
        adapters.add("a", lora(2), Rng.of(1));
        assertThatThrownBy(() -> adapters.combine("c", new LinkedHashMap<>(Map.of("a", 1.0)), new Combination.Svd(4)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("linear")
                .hasMessageContaining("4");
        assertThat(adapters.names()).containsExactly("a");
    }

    /// What is trained as a whole needs no LoRA, though it was asked for.
    @Test
    void aLayerThatIsTrainedAsAWholeHasNoPart() {
        Adapters adapters = Adapters.of(gpt(Head.OWN));
        LoraConfig config =
                LoraConfig.of(Targets.named("lm_head", "c_fc")).withR(2).withModulesToSave("lm_head");
        adapters.add("a", config, Rng.of(1));
        assertThat(adapters.parts("a").keySet()).isNotEmpty().allMatch(name -> name.endsWith("c_fc"));
        assertThat(adapters.modules("a").keySet()).containsExactly("lm_head.weight");
    }

    /// The parts of another adapter that stands there already are none of the layer's own values.
    @Test
    void whatIsTrainedAsAWholeIsTheLayerWithoutOtherAdapters() {
        Adapters adapters = Adapters.of(gpt(Head.OWN));
        adapters.add("a", LoraConfig.of(Targets.named("lm_head")).withR(2), Rng.of(1));
        adapters.add(
                "b", LoraConfig.of(Targets.named("c_attn")).withR(2).withModulesToSave("lm_head", "mlp"), Rng.of(2));
        assertThat(adapters.modules("b").keySet())
                .contains("lm_head.weight", "h.0.mlp.c_fc.weight")
                .noneMatch(name -> name.contains("lora"));
    }

    /// A start that changes a quantised matrix gives it codes, of which there can be only one kind at a time.
    @Test
    void twoStartsCannotChangeTheCodesOfOneMatrix() {
        Linear linear = new Linear(64, 64, false, Rng.of(1));
        linear.quantize(linear.weight().quantize(QuantConfig.NF4));
        Tensor x = Tensor.randn(Rng.of(2), 2, 64);
        double[] plain = linear.forward(x).toArray();
        var model = new Sequential(linear);
        Adapters adapters = Adapters.of(model);
        LoraConfig pissa = LoraConfig.of(Targets.allLinear()).withR(2).withStart(LoraStart.PISSA);
        adapters.add("a", pissa, Rng.of(3));
        adapters.add("b", pissa, Rng.of(4));
        assertThatThrownBy(() -> adapters.use("a", "b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("both have values of their own for 0");
        adapters.use();
        assertThat(linear.forward(x).toArray()).isEqualTo(plain);
    }

    /// B·A·s is what LoRA adds to a table, and the new rows less the old ones what trained tokens do.
    @Property(tries = 200)
    void theChangeOfATable(@ForAll long seed) {
        One one = one(4, 3, seed);
        Adapters adapters = Adapters.of(one);
        double[] plain = one.table.weight().toArray();
        adapters.add("a", LoraConfig.of(Targets.named("table")).withR(2).withAlpha(3), Rng.of(seed));
        shuffle(adapters, "a", seed);
        LoraEmbedding table = (LoraEmbedding) adapters.parts("a").get("table");
        assertThat(table.scale()).isEqualTo(1.5);
        double[] change = table.deltaWeight(one.table.weight()).toArray();
        for (int row = 0; row < 5; row++) {
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                for (int i = 0; i < 2; i++) {
                    sum += table.b().get(c, i) * table.a().get(i, row);
                }
                assertThat(change[row * 3 + c]).isCloseTo(1.5 * sum, within(1e-12));
            }
        }
        adapters.remove("a");
        adapters.add(
                "tokens",
                LoraConfig.of(Targets.named("linear")).withR(2).withTrainableTokens(Map.of("table", List.of(3, 1))),
                Rng.of(seed));
        TrainableTokens tokens = (TrainableTokens) adapters.parts("tokens").get("table");
        tokens.rows().copyFrom(Tensor.ones(2, 3).to(DType.FLOAT64));
        double[] expected = new double[15];
        for (int row : new int[] {1, 3}) {
            for (int c = 0; c < 3; c++) {
                expected[row * 3 + c] = 1 - plain[row * 3 + c];
            }
        }
        near(tokens.deltaWeight(one.table.weight()), expected, 1e-15);
    }
}
