package gradus.train.rl;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;

/// Prompts and their completions as the rows of one batch, filled up on the right, which a causal model does
/// not see. B rows, of S places that the model reads, and of T places for the tokens of completions; a row's
/// own tokens stand at the beginning of its T places.
///
/// A place of a row reads one token and predicts the next, so the first token of a completion is predicted at
/// the last place of its prompt, and the last token is not read. Only the places that predict tokens of
/// completions take part in anything: neither prompts nor padding are ever counted.
public final class CompletionRows {
    private static final int PADDING = 0; // any token will do: nothing looks at it

    private final Indices ids; // (B, S)
    private final int time; // T
    private final int[] lengths; // (B)
    private final int[] places; // (M): where the M tokens of all completions are predicted, in B·S
    private final int[] cells; // (M): where they stand in B·T
    private final int[] targets; // (M): the tokens

    private CompletionRows(Indices ids, int time, int[] lengths, int[] places, int[] cells, int[] targets) {
        this.ids = ids;
        this.time = time;
        this.lengths = lengths;
        this.places = places;
        this.cells = cells;
        this.targets = targets;
    }

    /// @param prompts     at least one token each
    /// @param completions of each prompt, at least one token each
    public static CompletionRows of(List<int[]> prompts, List<int[]> completions) {
        int rows = prompts.size();
        int time = 0;
        int read = 0;
        int count = 0;
        int[] lengths = new int[rows];
        for (int b = 0; b < rows; b++) {
            lengths[b] = completions.get(b).length;
            time = Math.max(time, lengths[b]);
            read = Math.max(read, prompts.get(b).length + lengths[b] - 1);
            count += lengths[b];
        }
        int[] ids = new int[rows * read];
        Arrays.fill(ids, PADDING);
        int[] places = new int[count];
        int[] cells = new int[count];
        int[] targets = new int[count];
        int m = 0;
        for (int b = 0; b < rows; b++) {
            int[] prompt = prompts.get(b);
            int[] completion = completions.get(b);
            System.arraycopy(prompt, 0, ids, b * read, prompt.length);
            System.arraycopy(completion, 0, ids, b * read + prompt.length, completion.length - 1);
            for (int t = 0; t < completion.length; t++, m++) {
                places[m] = b * read + prompt.length - 1 + t;
                cells[m] = b * time + t;
                targets[m] = completion[t];
            }
        }
        return new CompletionRows(Indices.of(Shape.of(rows, read), ids), time, lengths, places, cells, targets);
    }

    /// What the model reads.
    ///
    /// **Shapes** → (B, S)
    public Indices ids() {
        return ids;
    }

    /// B.
    public int rows() {
        return lengths.length;
    }

    /// T, the length of the longest completion.
    public int time() {
        return time;
    }

    /// The length of each completion.
    public int[] lengths() {
        return lengths.clone();
    }

    /// M, how many tokens all completions have.
    public int tokens() {
        return targets.length;
    }

    /// The M tokens of the completions, row by row.
    ///
    /// **Shapes** → (M)
    public Indices targets() {
        return Indices.of(targets);
    }

    /// What stands where the M tokens are predicted.
    ///
    /// **Shapes** states (B, S, C) → (M, C)
    public Tensor predicting(Tensor states) {
        int channels = states.dim(-1);
        return states.reshape(ids.size(), channels).indexSelect(0, Indices.of(places)); // (M, C)
    }

    /// One number for each of the M tokens, laid out by rows; 0 behind the end of a completion.
    ///
    /// **Shapes** each (M) → (B, T)
    public Tensor spread(Tensor each) {
        Tensor empty = each.newFull(Shape.of(rows() * time), 0); // (B·T)
        return empty.indexAdd(0, Indices.of(cells), each).reshape(rows(), time); // (B, T)
    }

    /// Given numbers for the tokens of each completion, laid out by rows; 0 behind the end.
    ///
    /// **Shapes** → (B, T), with the type of the other tensor
    ///
    /// @param ragged for each row as many numbers as its completion has tokens
    public Tensor layOut(double[][] ragged, Tensor like) {
        double[] all = new double[rows() * time];
        for (int b = 0; b < rows(); b++) {
            System.arraycopy(ragged[b], 0, all, b * time, lengths[b]);
        }
        return like.newEmpty(Shape.of(rows(), time)).set(all); // (B, T)
    }

    /// The reverse of [#layOut]: the numbers of each completion's tokens.
    ///
    /// **Shapes** laidOut (B, T)
    public double[][] ragged(Tensor laidOut) {
        double[] all = laidOut.toArray();
        double[][] ragged = new double[rows()][];
        for (int b = 0; b < rows(); b++) {
            ragged[b] = Arrays.copyOfRange(all, b * time, b * time + lengths[b]);
        }
        return ragged;
    }

    /// 1 where a completion has a token, 0 behind its end.
    ///
    /// **Shapes** → (B, T), with the type of the other tensor
    public Tensor mask(Tensor like) {
        double[] mask = new double[rows() * time];
        for (int cell : cells) {
            mask[cell] = 1;
        }
        return like.newEmpty(Shape.of(rows(), time)).set(mask); // (B, T)
    }
}
