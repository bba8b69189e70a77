package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Examples of which parts are learned, and the order in which they come.
class ExamplesTest {

    private record Example(int[] ids, boolean[] marks) {}

    private static List<Example> drawn(long seed, int count) {
        Rng rng = Rng.of(seed);
        List<Example> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 2 + rng.at("length").index(i, 60);
            int[] ids = new int[length];
            boolean[] marks = new boolean[length];
            for (int place = 0; place < length; place++) {
                ids[place] = rng.at("id").at(i).index(place, 1000);
                marks[place] = rng.at("mark").at(i).index(place, 3) == 0;
            }
            marks[1 + rng.at("one").index(i, length - 1)] = true;
            all.add(new Example(ids, marks));
        }
        return all;
    }

    /// More of them than the arrays hold at first.
    @Property(tries = 200)
    void eachIsWhatWasAdded(@ForAll @IntRange(min = 1, max = 200) int count, @ForAll long seed) throws Exception {
        List<Example> all = drawn(seed, count);
        Examples examples = new Examples();
        all.forEach(each -> examples.add(each.ids, each.marks));
        assertThat(examples.count()).isEqualTo(count);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int learned = 0;
        for (int i = 0; i < count; i++) {
            Example each = all.get(i);
            boolean[] marks = each.marks.clone();
            marks[0] = false; // has nothing before it
            int length = marks.length;
            assertThat(examples.ids(i)).isEqualTo(each.ids);
            assertThat(examples.marks(i)).isEqualTo(marks);
            assertThat(examples.length(i)).isEqualTo(length);
            assertThat(examples.places(i)).isEqualTo(length - 1);
            int[] places = IntStream.range(0, length).filter(p -> marks[p]).toArray();
            assertThat(examples.answerStart(i)).isEqualTo(places[0]);
            assertThat(examples.answerEnd(i)).isEqualTo(places[places.length - 1] + 1);
            learned += places.length;
            digest.update(ByteBuffer.allocate(4).putInt(length).array());
            for (int place = 0; place < length; place++) {
                assertThat(examples.id(i, place)).isEqualTo(each.ids[place]);
                assertThat(examples.learned(i, place)).isEqualTo(marks[place]);
                digest.update(ByteBuffer.allocate(5)
                        .putInt(each.ids[place])
                        .put((byte) (marks[place] ? 1 : 0))
                        .array());
            }
        }
        assertThat(examples.tokens())
                .isEqualTo(all.stream().mapToLong(each -> each.ids.length).sum());
        assertThat(examples.learnedTokens()).isEqualTo(learned);
        assertThat(examples.highestId())
                .isEqualTo(all.stream()
                        .flatMapToInt(each -> Arrays.stream(each.ids))
                        .max()
                        .orElseThrow());
        assertThat(examples.sum()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void nothingIsThereAtFirst() {
        Examples none = new Examples();
        assertThat(none.count()).isZero();
        assertThat(none.tokens()).isZero();
        assertThat(none.learnedTokens()).isZero();
        assertThat(none.highestId()).isEqualTo(-1);
    }

    @Test
    void whatTeachesNothingIsRefused() {
        assertThat(Examples.teaches(new boolean[] {true, false, true}, 2)).isFalse(); // of the first two
        assertThat(Examples.teaches(new boolean[] {true, false, true}, 3)).isTrue();
        assertThat(Examples.teaches(new boolean[] {true}, 1)).isFalse();
        Examples examples = new Examples();
        assertThatThrownBy(() -> examples.add(new int[] {1, 2}, new boolean[] {true, false}))
                .isInstanceOf(ConfigException.class)
                .hasMessage("examples: nothing of the 2 ids is learned");
        assertThatThrownBy(() -> examples.add(new int[] {1, 2}, new boolean[] {true, true, true}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got 2 ids and 3 marks");
        assertThat(examples.count()).isZero();
    }

    /// Each epoch has every example once, in an order of its own that any question finds again.
    @Property(tries = 100)
    void anEpochIsAnOrderOfItsOwn(@ForAll @IntRange(min = 1, max = 40) int count, @ForAll long seed) {
        ShuffledOrder walked = new ShuffledOrder(count, Rng.of(seed));
        int[] turns = IntStream.range(0, 3 * count).map(walked::at).toArray();
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(Arrays.copyOfRange(turns, epoch * count, (epoch + 1) * count))
                    .containsExactlyInAnyOrder(IntStream.range(0, count).toArray());
        }
        for (int turn = 3 * count - 1; turn >= 0; turn--) { // backwards, and by one that was asked nothing before
            assertThat(walked.at(turn)).isEqualTo(turns[turn]);
            assertThat(new ShuffledOrder(count, Rng.of(seed)).at(turn)).isEqualTo(turns[turn]);
        }
    }

    /// All orders of three come up: of 200 epochs none is missed but once in 6·(5/6)²⁰⁰ ≈ 10⁻¹⁵.
    @Test
    void everyOrderComesUp() {
        ShuffledOrder order = new ShuffledOrder(3, Rng.of(5));
        var seen = new HashSet<List<Integer>>();
        for (long epoch = 0; epoch < 200; epoch++) {
            seen.add(List.of(order.at(3 * epoch), order.at(3 * epoch + 1), order.at(3 * epoch + 2)));
        }
        assertThat(seen).hasSize(6);
    }
}
