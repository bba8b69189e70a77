package gradus.lessons.lab.align.proxy;

import gradus.tensor.random.Rng;

/// The true reward of an answer, the *gold* reward: what its words are worth, drawn once, and how much it
/// flatters. A flattering word is welcome, and so is a second; each further one takes away twice what one of
/// these gave. The reference seldom writes more than two, so those who compare its answers seldom see that
/// there is a too much.
///
/// This is a reward made for showing over-optimisation, as its one trap is known. That of Gao et al. is another
/// reward model.
final class Flattery {
    /// The flattering word.
    static final int WORD = 7;

    /// START, END, five words and the flattering one.
    static final int VOCABULARY = 8;

    private static final double WELCOME = 1.5;
    private static final int ENOUGH = 2;
    private static final double SPREAD = 0.3;

    private Flattery() {}

    /// The gold reward of each answer.
    static double[] rewards(AnswerSpace space, Rng rng) {
        double[] rewards = new double[space.count()];
        for (int n = 0; n < rewards.length; n++) {
            int flattering = 0;
            for (int token : space.answers().get(n)) {
                if (token == WORD) {
                    flattering++;
                } else if (token != AnswerSpace.END && token != AnswerSpace.START) {
                    rewards[n] += SPREAD * rng.gaussian(token);
                }
            }
            rewards[n] += WELCOME * (Math.min(flattering, ENOUGH) - 2 * Math.max(0, flattering - ENOUGH));
        }
        return rewards;
    }
}
