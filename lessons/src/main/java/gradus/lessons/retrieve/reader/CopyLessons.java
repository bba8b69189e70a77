package gradus.lessons.retrieve.reader;

import gradus.tensor.random.Rng;
import gradus.train.task.Examples;

/// What the reader learns first: to go on with what stood before. Sequences of drawn tokens in which earlier
/// pieces come again, at any distance; of a piece, all but its beginning can be told from what stood before,
/// and is learned. There is nothing else to learn in them, so heads that look up what followed before
/// (*induction heads*, Olsson et al. 2022, arXiv:2209.11895) form within minutes, which a reader of sentences
/// takes an hour for.
final class CopyLessons {
    private static final int LENGTH = 64;
    private static final double PERIODIC = 0.6;
    private static final int SHORTEST = 2;
    private static final int LONGEST = 24;
    private static final double AGAIN = 0.65;
    private static final double FEW = 0.5;

    private final int vocabulary;
    private final Rng rng;

    CopyLessons(int vocabulary, Rng rng) {
        this.vocabulary = vocabulary;
        this.rng = rng;
    }

    Examples examples(int count) {
        Examples examples = new Examples();
        for (int i = 0; i < count; i++) {
            if (rng.at("periodic").uniform(i) < PERIODIC) {
                addPeriodic(examples, rng.at(i));
            } else {
                add(examples, rng.at(i));
            }
        }
        return examples;
    }

    /// One piece that comes again and again, of 2 to 24 tokens, short ones as often as long ones by ratio:
    /// where little stands before, little must be looked through.
    private void addPeriodic(Examples examples, Rng draw) {
        int period = (int) Math.round(SHORTEST * Math.pow(LONGEST / (double) SHORTEST, draw.uniform(0)));
        int[] ids = new int[LENGTH];
        boolean[] learned = new boolean[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            ids[i] = i < period ? draw.index(1 + i, vocabulary) : ids[i - period];
            learned[i] = i > period;
        }
        examples.add(ids, learned);
    }

    /// Half of them have few different tokens, so that several before are needed to tell the next.
    private void add(Examples examples, Rng draw) {
        int kinds = draw.uniform(0) < FEW ? 12 + draw.index(1, 30) : vocabulary;
        int sure = kinds == vocabulary ? 1 : 2;
        int[] ids = new int[LENGTH];
        boolean[] learned = new boolean[LENGTH];
        int size = 0;
        for (int piece = 0; size < LENGTH; piece++) {
            Rng own = draw.at(piece);
            if (size >= 8 && own.uniform(0) < AGAIN) {
                int length = Math.min(4 + own.index(1, 8), Math.min(size, LENGTH - size));
                int from = own.index(2, size - length + 1);
                for (int j = 0; j < length; j++) {
                    ids[size] = ids[from + j];
                    learned[size++] = j >= sure;
                }
            } else {
                int length = Math.min(1 + own.index(1, 5), LENGTH - size);
                for (int j = 0; j < length; j++) {
                    int kind = own.index(3 + j, kinds);
                    ids[size++] = kinds == vocabulary ? kind : draw.at("kinds").index(kind, vocabulary);
                }
            }
        }
        if (Examples.teaches(learned, LENGTH)) {
            examples.add(ids, learned);
        }
    }
}
