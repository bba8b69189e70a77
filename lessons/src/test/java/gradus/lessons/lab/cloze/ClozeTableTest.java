package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// The table, by hand.
class ClozeTableTest {
    private static SequencedMap<String, Double> found(double cls, double cloze, Double auxiliary) {
        SequencedMap<String, Double> found = new LinkedHashMap<>();
        found.put("[CLS]", cls);
        found.put("cloze", cloze);
        if (auxiliary != null) {
            found.put("cloze + masked words", auxiliary);
        }
        return found;
    }

    /// Of two values the interval is 12.706 times half of what lies between them.
    @Test
    void meansAndIntervalsOverTheSeeds() {
        ClozeTable table = new ClozeTable();
        table.add(4, new ClozeTrial.Rates(0.002, 0.001), List.of(found(0.3, 0.5, 0.55), found(0.4, 0.7, 0.7)));
        table.add(16, new ClozeTrial.Rates(0.004, 0.003), List.of(found(0.5, 0.5, 0.5), found(0.5, 0.6, 0.65)));
        assertThat(table.markdown(0.125)).isEqualTo("""
                | accuracy in % | 4 examples a class | 16 examples a class |
                |---|---|---|
                | [CLS] | 35.0 ± 63.5 | 50.0 ± 0.0 |
                | cloze | 60.0 ± 127.1 | 55.0 ± 63.5 |
                | cloze + masked words | 62.5 ± 95.3 | 57.5 ± 95.3 |
                | cloze − [CLS], by seed | 25.0 ± 63.5 | 5.0 ± 63.5 |
                | cloze + masked words − cloze, by seed | 2.5 ± 31.8 | 2.5 ± 31.8 |

                The cloze without any example: 12.5 %

                Learning rates of [CLS] and of the cloze, by examples a class: 4: 0.002 and 0.001, 16: 0.004 and 0.003
                """);
    }

    @Test
    void oneSeedHasNoInterval() {
        ClozeTable table = new ClozeTable();
        table.add(4, new ClozeTrial.Rates(0.002, 0.001), List.of(found(0.3, 0.5, null)));
        assertThat(table.markdown(0)).isEqualTo("""
                | accuracy in % | 4 examples a class |
                |---|---|
                | [CLS] | 30.0 |
                | cloze | 50.0 |
                | cloze − [CLS], by seed | 20.0 |

                The cloze without any example: 0.0 %

                Learning rates of [CLS] and of the cloze, by examples a class: 4: 0.002 and 0.001
                """);
        assertThat(ClozeTable.line(found(0.3, 0.5, null))).isEqualTo("[CLS] 30.0, cloze 50.0");
    }
}
