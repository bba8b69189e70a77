package gradus.bench.retrieve;

import java.util.Arrays;

/// Words as often as Zipf's law says: the r-th most frequent of V words has the probability
///
/// `p(r) = (1 / r) / Σ_{i=1..V} (1 / i)`
///
/// as is about true of any language. So a few words stand in most texts, and most words in few.
final class Zipf {
    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

    private final double[] cumulative; // p(1) + … + p(r), without the divisor

    /// @param words V
    Zipf(int words) {
        this.cumulative = new double[words];
        double sum = 0;
        for (int r = 1; r <= words; r++) {
            sum += 1.0 / r;
            cumulative[r - 1] = sum;
        }
    }

    /// The word that a number of [0, 1) draws.
    String word(double uniform) {
        int found = Arrays.binarySearch(cumulative, uniform * cumulative[cumulative.length - 1]);
        int place = found >= 0 ? found + 1 : -found - 1; // the first whose sum is larger
        return spelled(Math.min(place, cumulative.length - 1));
    }

    /// Two syllables or more, another word for each place.
    private static String spelled(int place) {
        StringBuilder word = new StringBuilder();
        int left = place;
        do {
            int syllable = left % SYLLABLES;
            word.append(CONSONANTS.charAt(syllable / VOWELS.length()))
                    .append(VOWELS.charAt(syllable % VOWELS.length()));
            left /= SYLLABLES;
        } while (left > 0 || word.length() < 4);
        return word.toString();
    }
}
