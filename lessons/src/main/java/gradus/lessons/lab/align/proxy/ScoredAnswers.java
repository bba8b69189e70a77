package gradus.lessons.lab.align.proxy;

import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import java.util.Arrays;
import java.util.List;

/// One prompt whose answers are paid by a list of scores.
///
/// @param space  the answers
/// @param scores of each
record ScoredAnswers(AnswerSpace space, double[] scores) implements Environment {

    @Override
    public Problem problem(long number) {
        return new Problem() {
            @Override
            public int[] prompt() {
                return new int[] {AnswerSpace.START};
            }

            @Override
            public double reward(Completion completion) {
                return scores[space.numberOf(completion.tokens())];
            }

            @Override
            public String toString() {
                return "the only prompt";
            }
        };
    }

    @Override
    public List<Problem> heldOut() {
        return List.of();
    }

    @Override
    public int end() {
        return AnswerSpace.END;
    }

    @Override
    public String fingerprint() {
        return "scored answers " + Arrays.hashCode(scores);
    }
}
