package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    /// Whatever the pieces, what is shown is the text up to the first stop string, and nothing is taken back.
    @Property(tries = 500)
    void showsTheTextUpToTheFirst(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 12) String text,
            @ForAll @Size(min = 1, max = 3)
                    List<@CharRange(from = 'a', to = 'b') @StringLength(min = 1, max = 4) String> stops,
            @ForAll @IntRange(min = 1, max = 4) int size) {
        StopStrings ending = new StopStrings(stops);
        StringBuilder shown = new StringBuilder();
        for (int from = 0; from < text.length(); from += size) {
            shown.append(ending.accept(text.substring(from, Math.min(text.length(), from + size))));
            assertThat(text).startsWith(shown);
        }
        shown.append(ending.finish());
        if (ending.stopped()) {
            assertThat(stops).anyMatch(stop -> text.startsWith(shown + stop));
        } else {
            assertThat(shown.toString()).isEqualTo(text);
        }
        assertThat(ending.stopped()).isEqualTo(stops.stream().anyMatch(text::contains));
        assertThat(stops).noneMatch(stop -> shown.indexOf(stop) >= 0);
    }

    @Test
    void holdsBackNoMoreThanItMust() {
        StopStrings ending = new StopStrings(List.of("\n\n", "END"));
        assertThat(ending.accept("one\n")).isEqualTo("one");
        assertThat(ending.accept("two E")).isEqualTo("\ntwo ");
        assertThat(ending.accept("N")).isEmpty();
        assertThat(ending.accept("Ds")).isEmpty();
        assertThat(ending.stopped()).isTrue();
        assertThat(ending.accept("more")).isEmpty();
        assertThat(ending.finish()).isEmpty();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new StopStrings(List.of("a", ""))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new StopStrings(null)).isInstanceOf(ConfigException.class);
    }
}
