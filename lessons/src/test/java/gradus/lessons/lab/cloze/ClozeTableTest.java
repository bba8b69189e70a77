package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.measure.Section;
import java.util.Arrays;
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

    @Test
    void whatWasNotMeasuredIsBlank() {
        ClozeTable table = new ClozeTable();
        SequencedMap<String, Double> more = found(0.3, 0.5, null);
        more.put("shuffled", 0.125);
        table.add(4, new ClozeTrial.Rates(0.002, 0.001), List.of(more));
        table.add(16, new ClozeTrial.Rates(0.002, 0.001), List.of(found(0.6, 0.5, null)));
        assertThat(table.markdown(0)).contains("""
                | cloze | 50.0 | 50.0 |
                | shuffled | 12.5 | |
                | cloze − [CLS], by seed | 20.0 | -10.0 |
                """);
    }

    private static List<String> said(double[] few, double[] many) {
        ClozeTable table = new ClozeTable();
        ClozeTrial.Rates rates = new ClozeTrial.Rates(1, 1);
        table.add(4, rates, leads(few));
        table.add(256, rates, leads(many));
        return claims(table);
    }

    private static List<SequencedMap<String, Double>> leads(double... points) {
        return Arrays.stream(points)
                .mapToObj(lead -> found(0.5, 0.5 + lead / 100, null))
                .toList();
    }

    private static List<String> claims(ClozeTable table) {
        return new ClozeClaims(table)
                .to(new Section("t", "p"))
                .toString()
                .lines()
                .filter(line -> line.startsWith("**") && !line.startsWith("**Pred"))
                .toList();
    }

    /// 10, 12, 11 and then 1, 2, 0: smaller by 9, 10, 11.
    @Test
    void theLeadIsThereAndCloses() {
        assertThat(said(new double[] {10, 12, 11}, new double[] {1, 2, 0}))
                .containsExactly(
                        "**Holds.** With 4 examples a class, the cloze is better than [CLS], in points by: 11.000 ± 2.484.",
                        "**Holds.** With 256 its lead is smaller, by: 10.000 ± 2.484.",
                        "**Holds.** And it is closed; what is left: 1.000 ± 2.484.");
        assertThat(said(new double[] {10, 12, 11}, new double[] {1.5, 1.6, 1.55})
                        .get(2))
                .startsWith("**Holds");
        assertThat(said(new double[] {10, 12, 11}, new double[] {-1.5, -1.6, -1.55})
                        .get(2))
                .startsWith("**Holds");
    }

    @Test
    void eachClaimFailsByItself() {
        String no = "**Does not hold here.** ";
        assertThat(said(new double[] {-1, 12, 1}, new double[] {0, 1, 2}).get(0))
                .startsWith(no);
        assertThat(said(new double[] {10, 12, 11}, new double[] {10, 13, 10}).get(1))
                .startsWith(no);
        assertThat(said(new double[] {10, 12, 11}, new double[] {5, 5.5, 5.2}).get(2))
                .startsWith(no);
        assertThat(said(new double[] {10, 12, 11}, new double[] {-5, -5.5, -5.2})
                        .get(2))
                .startsWith(no);
        assertThat(said(new double[] {10}, new double[] {0})).allMatch(line -> line.startsWith("**One seed"));
    }

    @Test
    void theAuxiliaryLossIsJudgedWhereItWasMeasured() {
        ClozeTable table = new ClozeTable();
        table.add(
                4,
                new ClozeTrial.Rates(1, 1),
                List.of(found(0.3, 0.5, 0.55), found(0.3, 0.5, 0.56), found(0.3, 0.5, 0.57)));
        assertThat(claims(table))
                .hasSize(2)
                .last()
                .isEqualTo(
                        "**Holds.** With 4 examples a class, masked words make the cloze better, by: 6.000 ± 2.484.");
    }
}
