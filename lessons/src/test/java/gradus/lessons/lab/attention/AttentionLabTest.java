package gradus.lessons.lab.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.attention.AttentionPart.Kind;
import gradus.lessons.lab.material.HeldOutText;
import gradus.tensor.random.Rng;
import gradus.train.run.Component;
import gradus.train.run.Components;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionLabTest {
    private static final GptConfig PLAIN = new GptConfig(7, 32, 2, 4, 16, 0);

    @TempDir
    private Path folder;

    private static ForwardWork work(AttentionChoice attention) {
        return ForwardWork.of(new Gpt(PLAIN.withAttention(attention), Rng.of(1)).eval(), 32);
    }

    /// By hand: 12·C² weights of a block, of which the pairs of queries and keys are none.
    @Test
    void operationsAreThoseOfTheFormulas() {
        ForwardWork full = work(new Attentions.MultiHead());
        assertThat(full.linear()).isEqualTo(2.0 * 12 * 16 * 16 * 2 * 32);
        assertThat(full.pairs()).isEqualTo(2 * 4 * 32 * 33 / 2);
        assertThat(full.mixing()).isEqualTo(4.0 * 16 * 2 * (32 * 33 / 2));
        assertThat(full.head()).isEqualTo(2.0 * 16 * 7 * 32);
        assertThat(full.training()).isCloseTo(3 * (full.linear() + full.mixing() + full.head()) / 32, within(1e-9));
        ForwardWork window = work(new Attentions.SlidingWindow(4, 0));
        assertThat(window.pairs()).isEqualTo(2 * 4 * (1 + 2 + 3 + 29 * 4));
        assertThat(window.linear()).isEqualTo(full.linear());
        ForwardWork shared = work(new Attentions.MultiQuery());
        assertThat(shared.pairs()).isEqualTo(full.pairs());
        assertThat(full.linear() - shared.linear()).isEqualTo(2.0 * 2 * 16 * 12 * 2 * 32);
        assertThat(full.share())
                .isCloseTo(full.mixing() / (full.linear() + full.mixing() + full.head()), within(1e-12));
    }

    @Test
    void noKindSeesMoreThanFullAttention() {
        long full = work(new Attentions.MultiHead()).pairs();
        for (Component component : Components.of("attention")) {
            GptConfig config = PLAIN.withContext(64).withAttention((AttentionChoice) component.defaults());
            ForwardWork work = ForwardWork.of(new Gpt(config, Rng.of(1)).eval(), 32);
            assertThat(work.pairs())
                    .as(component.name())
                    .isLessThanOrEqualTo(full)
                    .isGreaterThan(full / 8);
        }
    }

    @Test
    void cachesAreWhatHeadsKeep() {
        double own = 2.0 * 2 * 16 * Float.BYTES;
        assertThat(CacheBytes.of(new Gpt(PLAIN, Rng.of(1)).eval())).isEqualTo(own);
        assertThat(CacheBytes.of(new Gpt(PLAIN.withAttention(new Attentions.MultiQuery()), Rng.of(1)).eval()))
                .isEqualTo(own / 4);
        assertThat(CacheBytes.of(new Gpt(PLAIN.withAttention(new Attentions.GroupedQuery(2)), Rng.of(1)).eval()))
                .isEqualTo(own / 2);
        assertThat(CacheBytes.of(new Gpt(PLAIN.withAttention(new Attentions.SlidingWindow(8, 0)), Rng.of(1)).eval()))
                .isEqualTo(own * 7 / 32); // the query's own is not needed again
    }

    /// A context that blocks do not divide: what cannot be is named, with its reason, and the rest is there.
    @Test
    void kindsThatRefuseAreNamed() {
        AttentionKinds all = AttentionKinds.of(PLAIN);
        AttentionKinds some = AttentionKinds.of(PLAIN.withContext(30));
        List<String> names =
                Components.of("attention").stream().map(Component::name).toList();
        assertThat(all.works().size() + all.refusals().size()).isEqualTo(names.size());
        assertThat(some.refusals()).containsKeys("bigbird", "s2");
        assertThat(some.refusals().get("bigbird")).contains("must divide the context");
        assertThat(some.works()).containsKeys("mha", "gqa", "window").doesNotContainKey("bigbird");
        assertThat(some.works().size() + some.refusals().size()).isEqualTo(names.size());
    }

    private static Kind kind(double cache, double... bits) {
        return kind(0, cache, bits);
    }

    private static Kind kind(long ahead, double cache, double[] bits) {
        return new Kind(
                new ForwardWork(100, 50, ahead, 20, 5, 10),
                10,
                cache,
                Arrays.stream(bits).boxed().toList(),
                Arrays.stream(bits).map(b -> 7.0).boxed().toList());
    }

    private String report(SequencedMap<String, Kind> kinds, SequencedMap<String, String> refusals) {
        return new AttentionPart(kinds, refusals, 19).section(folder).toString();
    }

    @Test
    void verdictsFollowFromTheKinds() {
        SequencedMap<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("mha", kind(100, 2, 2.1));
        kinds.put("mqa", kind(25, 2.2, 2.31));
        kinds.put("gqa", kind(50, 2.01, 2.111));
        kinds.put("strided", kind(Double.NaN, 1.9, 2.3));
        String good = report(kinds, new LinkedHashMap<>());
        assertThat(good)
                .contains("**Holds.** No kind is better than multi-head attention")
                .contains("better by the interval: none; worse: mqa, gqa;")
                .contains("**Holds.** gqa loses less than 0.05 bits a byte, for a cache of 50 %")
                .contains("**Does not hold here.** mqa loses less than 0.05 bits a byte, for a cache of 25 %")
                .contains("No kind refused these sizes.")
                .contains("**Holds.** Control: no kind sees tokens")
                .contains("cannot go step by step");
        assertThat(folder.resolve("cache.png")).isNotEmptyFile();
        SequencedMap<String, String> refusals = new LinkedHashMap<>();
        refusals.put("s2", "too short");
        kinds.put("window", kind(1, 30, new double[] {1.9, 2.001}));
        assertThat(report(kinds, refusals))
                .contains("**Does not hold here.** No kind is better than multi-head attention")
                .contains("better by the interval: window")
                .contains("**Does not hold here.** Control: no kind sees tokens that it is to predict: seeing: window")
                .contains("- s2: too short");
    }

    private Path text() throws IOException {
        Path file = folder.resolve("text.txt");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            text.append("né abc".charAt((int) (Rng.of(1).index(i, 6))));
        }
        return Files.writeString(file, text);
    }

    @Test
    void bytesOfATokenAreThoseOfTheHeldOutText() {
        HeldOutText text = HeldOutText.ofText("aaaaaaaaaaaaaaaaaaéa", "text", 4);
        assertThat(text.bytes()).isEqualTo(5 / 4.0);
    }

    @Test
    void theCommandPrintsItsTablesAndGoesOn() throws Exception {
        String[] arguments = {
            "attention",
            "--out=" + folder.resolve("lab"),
            "--data=" + text(),
            "--held-out=1100",
            "--context=16",
            "--steps=2",
            "--seeds=2"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed()).contains("## Attention at equal compute", "| mha |", "| longformer |");
        for (Component component : Components.of("attention")) {
            assertThat(run.printed()).containsAnyOf("| " + component.name() + " |", "- " + component.name() + ": ");
        }
        assertThat(Files.readString(folder.resolve("lab/table.md"))).isEqualTo(run.printed());
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
        arguments[5] = "--steps=3";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("other settings (steps: 2, now 3)");
        arguments[4] = "--context=15";
        assertThat(LabRun.of(arguments).failure()).hasMessage("--context must be 16 to 1024; got 15");
    }
}
