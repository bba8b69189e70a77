package gradus.lessons.prompt.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RougeLTest {
    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of("a", "b", "c").list().ofMaxSize(7);
    }

    /// By trying all subsequences of one list.
    private static int longest(List<String> a, List<String> b) {
        int best = 0;
        for (int taken = 0; taken < 1 << a.size(); taken++) {
            int at = 0;
            boolean all = true;
            for (int i = 0; i < a.size() && all; i++) {
                if ((taken >> i & 1) == 1) {
                    while (at < b.size() && !b.get(at).equals(a.get(i))) {
                        at++;
                    }
                    all = at++ < b.size();
                }
            }
            best = all ? Math.max(best, Integer.bitCount(taken)) : best;
        }
        return best;
    }

    @Property(tries = 200)
    void isTwoPrOverPPlusR(@ForAll("words") List<String> a, @ForAll("words") List<String> b) {
        int lcs = longest(a, b);
        assertThat(RougeL.commonSubsequence(a, b)).isEqualTo(lcs);
        double f = RougeL.f(a, b);
        if (lcs > 0) {
            double p = (double) lcs / a.size();
            double r = (double) lcs / b.size();
            assertThat(f).isCloseTo(2 * p * r / (p + r), within(1e-15)); // a few roundings of a number up to 1
        }
        assertThat(f).isEqualTo(RougeL.f(b, a)).isBetween(0.0, 1.0);
        assertThat(f == 1).isEqualTo(a.equals(b));
    }

    /// Counted by hand: the words, their longest common subsequence n, and 2n over all words.
    @ParameterizedTest
    @CsvSource({
        "the cat sat on the mat,the cat is on a mat,0.6666666666666666",
        "Give three tips for health.,give THREE tips; for (health)!,1",
        "one two three,three two one,0.3333333333333333",
        "alpha beta,gamma,0",
        "don't stop,don t stop,1",
    })
    void asCountedByHand(String a, String b, double f) {
        assertThat(RougeL.f(a, b)).isEqualTo(f);
    }
}
