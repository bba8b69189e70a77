package gradus.train.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import gradus.train.contrastive.GlossExamples.Held;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What an encoder learns from WordNet, and what it never sees.
class GlossExamplesTest {
    private static final WordNet NET = WordNet.read();
    private static final GlossExamples EXAMPLES = new GlossExamples(NET, Rng.of(1));

    /// One draw in twenty: of 117,791 meanings 5,890 in expectation, and a standard deviation of 75.
    @Test
    void aTwentiethIsHeldBackWholeAndATwentiethInPart() {
        for (Held held : List.of(Held.ALL, Held.TEXTS)) {
            long count = NET.synsets().stream()
                    .filter(each -> GlossExamples.held(each) == held)
                    .count();
            assertThat(count).isBetween(5890L - 300, 5890L + 300);
        }
    }

    /// The parts of a definition that are trained on.
    private static List<String> known(Synset synset) {
        List<String> parts = GlossExamples.parts(synset);
        return GlossExamples.held(synset) == Held.TEXTS ? parts.subList(0, 1) : parts;
    }

    @Test
    void whatIsHeldBackIsNotTrainedOn() {
        Set<String> trained = new HashSet<>();
        for (ContrastiveExample each : EXAMPLES.training()) {
            trained.addAll(List.of(each.anchor(), each.positive(), each.negative()));
        }
        Set<String> elsewhere = NET.synsets().stream()
                .filter(each -> GlossExamples.held(each) != Held.ALL)
                .flatMap(each -> Stream.of(each.lemmas(), known(each), List.of(each.entry()))
                        .flatMap(List::stream))
                .map(String::strip)
                .collect(Collectors.toCollection(HashSet::new));
        int whole = 0;
        int part = 0;
        for (Synset each : NET.synsets()) {
            Held held = GlossExamples.held(each);
            if (held == Held.NONE) {
                continue;
            }
            List<String> parts = GlossExamples.parts(each);
            if (held == Held.ALL && !elsewhere.contains(each.entry())) {
                assertThat(trained.contains(each.entry())).as(each.entry()).isFalse();
            }
            for (int i = held == Held.ALL ? 0 : 1; i < parts.size(); i++) {
                if (!elsewhere.contains(parts.get(i))) { // else another meaning has the same definition or name
                    assertThat(trained.contains(parts.get(i))).as(parts.get(i)).isFalse();
                    whole++;
                }
                assertThat(parts.get(i)).isNotBlank();
            }
            part += held == Held.TEXTS && parts.size() > 1 ? 1 : 0;
        }
        assertThat(whole).isGreaterThan(5000);
        assertThat(part).isGreaterThan(500);
    }

    @Test
    void negativesAreOtherMeanings() {
        for (ContrastiveExample each : EXAMPLES.training()) {
            assertThat(each.negative()).isNotEqualTo(each.positive());
        }
        assertThat(EXAMPLES.training()).hasSizeGreaterThan(250_000);
        assertThat(EXAMPLES.validation()).hasSizeGreaterThan(15_000);
    }

    /// A sibling is a kind of the same thing.
    @Test
    void aSiblingHasNoWordInCommon() {
        Siblings siblings = new Siblings(NET);
        List<Synset> all = NET.synsets();
        int shared = 0;
        int asked = 0;
        for (int i = 0; i < all.size(); i += 97) {
            Synset near = siblings.near(i, Rng.of(i));
            assertThat(near.lemmas()).doesNotContainAnyElementsOf(all.get(i).lemmas());
            assertThat(GlossExamples.held(near)).isNotEqualTo(Held.ALL);
            if (!all.get(i).hypernyms().isEmpty()) {
                asked++;
                shared += near.hypernyms().contains(all.get(i).hypernyms().getFirst()) ? 1 : 0;
            }
        }
        assertThat(shared).isGreaterThan(asked * 4 / 5);
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(new GlossExamples(NET, Rng.of(1)).training().equals(EXAMPLES.training()))
                .isTrue();
        assertThat(new GlossExamples(NET, Rng.of(2)).training().equals(EXAMPLES.training()))
                .isFalse();
    }

    @Test
    void theFormsOfAWordBecomeABlank() {
        assertThat(Blank.in("he goes on making carts; Go!", List.of("go", "make")))
                .hasValue("he ___ on ___ carts; ___!");
        assertThat(Blank.in("she carried it and stopped", List.of("carry", "stop")))
                .hasValue("she ___ it and ___");
        assertThat(Blank.in("a domestic dog's bone", List.of("domestic dog"))).hasValue("a ___ bone");
        assertThat(Blank.in("an ergot", List.of("go"))).isEmpty();
        assertThat(Blank.in("costs $1 (a dollar)", List.of("$1"))).hasValue("costs ___ (a dollar)");
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new ContrastiveExample(" ", "a", null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the anchor of an example");
        assertThat(new ContrastiveExample(" a\n\tb ", "c\r\n", null).texts(false))
                .containsExactly("a b", "c");
        assertThatThrownBy(() -> new ContrastiveExample("a", "b", null).texts(true))
                .hasMessageContaining("has no negative");
    }
}
