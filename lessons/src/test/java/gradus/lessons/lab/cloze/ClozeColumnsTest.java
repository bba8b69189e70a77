package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Columns that are kept.
class ClozeColumnsTest {
    @TempDir
    private Path folder;

    private final List<Integer> measured = new ArrayList<>();

    private ClozeColumns.Column measure(int examples) {
        measured.add(examples);
        SequencedMap<String, Double> found = new LinkedHashMap<>();
        found.put("[CLS]", 0.1 + examples);
        found.put("cloze", 0.3);
        return new ClozeColumns.Column(
                new ClozeTrial.Rates(2e-4, 1.5e-3), List.of(found, new LinkedHashMap<>(Map.of("cloze", 0.25))));
    }

    private ClozePlan plan(int steps, int most, double alpha, Double... rates) {
        return new ClozePlan(folder, 2, steps, most, 2, List.of(4), List.of(rates), alpha);
    }

    private ClozeColumns.Column asked(ClozePlan plan, int examples, String... texts) {
        return new ClozeColumns(plan, List.of(texts)).of(examples, this::measure);
    }

    @Test
    void whatIsKeptIsNotMeasuredAgain() {
        ClozeColumns.Column first = asked(plan(9, 4, 0, 1e-3), 4);
        ClozeColumns.Column again = asked(plan(9, 4, 0, 1e-3), 4, "texts that nobody reads");
        assertThat(measured).containsExactly(4);
        assertThat(again).isEqualTo(first);
        assertThat(again.found().getFirst().sequencedKeySet()).containsExactly("[CLS]", "cloze");
        asked(plan(9, 4, 0, 1e-3), 5);
        assertThat(measured).containsExactly(4, 5);
    }

    /// Each setting that decides a column.
    @Test
    void otherSettingsAreMeasuredAnew() {
        asked(plan(9, 4, 0, 1e-3), 4);
        asked(plan(6, 4, 0, 1e-3), 4);
        asked(plan(6, 3, 0, 1e-3), 4); // without the controls
        asked(plan(6, 2, 0, 1e-3), 4); // without them too
        asked(plan(6, 3, 0, 1e-3, 2e-3), 4);
        asked(plan(6, 3, 0.5, 1e-3), 4, "a");
        asked(plan(6, 3, 0.5, 1e-3), 4, "b");
        asked(plan(6, 3, 0.25, 1e-3), 4, "b");
        assertThat(measured).hasSize(7);
    }
}
