package gradus.lessons.lab.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.tensor.random.Rng;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Property(tries = 200)
    void everyFactHasAValueOfItsKindAndEveryTextIsInTheVocabulary(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 60) int old,
            @ForAll @IntRange(min = 2, max = 30) int fresh) {
        World world = new World(old, fresh, Rng.of(seed));
        assertThat(world.oldFacts()).hasSize(2 * old);
        assertThat(world.newFacts()).hasSize(2 * fresh);
        assertThat(new HashSet<>(world.names())).hasSize(old + fresh);
        for (Fact fact : List.of(
                world.oldFacts().getLast(),
                world.newFacts().getFirst(),
                world.mayors().getLast())) {
            assertThat(world.values(fact.relation())).contains(fact.value());
            assertThat(world.words().text(world.words().ids(fact.text()))).isEqualTo(fact.text());
            for (int way = 0; way < Relation.WAYS; way++) {
                assertThat(world.words().ids(fact.question(way))).isNotEmpty();
            }
            Fact untrue = world.untrue(fact, Rng.of(seed).at("untrue"));
            assertThat(untrue.value()).isNotEqualTo(fact.value());
            assertThat(world.values(fact.relation())).contains(untrue.value());
            assertThat(untrue.document().id()).isEqualTo(fact.document().id());
        }
        assertThat(new World(old, fresh, Rng.of(seed)).newFacts()).isEqualTo(world.newFacts());
    }

    @Test
    void theFarAnswerIsTheTownAndItsRuler() {
        World world = new World(4, 3, Rng.of(9));
        for (Fact home : world.newFacts()) {
            if (home.relation() == Relation.HOME) {
                String ruler = world.mayors().stream()
                        .filter(mayor -> mayor.subject().equals(home.value()))
                        .findFirst()
                        .orElseThrow()
                        .value();
                assertThat(world.farAnswer(home)).isEqualTo(home.value() + " " + ruler);
            }
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new World(1, 2, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("there must be at least 2 old and 2 new persons, and at most 2000 of both; got 1 and 2");
        Words words = new Words(List.of("a", "b"));
        assertThatThrownBy(() -> words.ids("a c"))
                .isInstanceOf(DataException.class)
                .hasMessage("the vocabulary has no word \"c\"");
        assertThatThrownBy(() -> new Words(List.of("a", "a")))
                .isInstanceOf(DataException.class)
                .hasMessage("the vocabulary has \"a\" twice");
        assertThatThrownBy(() -> new Words(List.of("a b")))
                .isInstanceOf(DataException.class)
                .hasMessage("a word must not be empty or have a space; got \"a b\"");
        assertThat(words.ids(" b  a ")).containsExactly(1, 0);
        assertThat(words.text(1, 0)).isEqualTo("b a");
    }

    // --- lessons

    /// Goes through a row as a reader would: what a text says, and the old facts where it says nothing.
    private static int check(World world, Row row) {
        Map<String, String> read = new HashMap<>();
        Map<String, String> known = new HashMap<>();
        world.oldFacts().forEach(fact -> known.put(fact.relation().word() + " " + fact.subject(), fact.value()));
        int answers = 0;
        String text =
                world.words().text(IntStream.range(0, row.size()).map(row::id).toArray());
        StringBuilder learned = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            learned.append(row.learned(i) ? '1' : '0');
        }
        int at = 0;
        for (String sentence : text.split(" \\.")) {
            String[] words = sentence.strip().split(" ");
            String marks = learned.substring(at, at + words.length + 1);
            at += words.length + 1;
            if (!marks.contains("1")) {
                assertThat(words).hasSize(3);
                assertThat(read.put(words[0] + " " + words[1], words[2])).isNull();
                continue;
            }
            answers++;
            String asked = sentence.strip();
            if (asked.startsWith("? " + World.FAR_QUESTION)) {
                String town = read.get("home " + words[words.length - 3]);
                assertThat(words[words.length - 2]).isEqualTo(town);
                assertThat(words[words.length - 1]).isEqualTo(read.get("mayor " + town));
                assertThat(marks).endsWith("0111");
                continue;
            }
            assertThat(marks).endsWith("011").doesNotContain("111");
            String subject = words[words.length - 2];
            String key = null;
            for (Relation relation : Relation.values()) {
                for (int way = 0; way < Relation.WAYS; way++) {
                    if (asked.startsWith("? " + relation.question(way) + " ")) {
                        key = relation.word() + " " + subject;
                    }
                }
                key = asked.startsWith(relation.word() + " ") ? relation.word() + " " + subject : key;
            }
            String expected = read.containsKey(key) ? read.get(key) : known.get(key);
            assertThat(words[words.length - 1]).as(asked).isEqualTo(expected);
        }
        return answers;
    }

    @Property(tries = 200)
    void everyAnswerOfALessonFollowsFromItsTextOrFromTheOldFacts(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 399) int step) {
        World world = new World(12, 6, Rng.of(seed));
        int answers = 0;
        List<List<Row>> batches = new Lessons(world, 400, Rng.of(seed).at("lessons")).step(step);
        for (List<Row> rows : batches) {
            for (Row row : rows) {
                answers += check(world, row);
                assertThat(row.size()).isLessThanOrEqualTo(SmallModel.CONTEXT);
            }
        }
        assertThat(answers).isGreaterThan(30);
    }

    /// The control of the whole experiment: lessons must not tell the new facts.
    @Test
    void textsAgreeWithTheNewFactsNoOftenerThanChance() {
        World world = new World(12, 12, Rng.of(2));
        Map<String, String> truth = new HashMap<>();
        world.newFacts().forEach(fact -> truth.put(fact.document().id(), fact.value()));
        Lessons lessons = new Lessons(world, 100, Rng.of(3));
        int all = 0;
        int same = 0;
        for (int i = 0; i < 200; i++) {
            for (Fact fact : lessons.facts(20, Rng.of(4).at(i))) {
                if (truth.containsKey(fact.document().id())) {
                    all++;
                    same += fact.value().equals(truth.get(fact.document().id())) ? 1 : 0;
                }
            }
        }
        double chance = 1.0 / World.VALUES;
        assertThat(all).isGreaterThan(1000);
        assertThat(same / (double) all).isCloseTo(chance, within(5 * Math.sqrt(chance / all)));
    }
}
