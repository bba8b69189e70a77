package gradus.lessons.softprompts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

final class PromptInputsExercise {
    private PromptInputsExercise() {}

    static Exercise exercise() {
        return Exercise.of(PromptInputs.class, "Rows before the embeddings")
                .probe(
                        "one slot, one token",
                        "the slot 50 at place 0, the token 7 at place 1: 50 + 100 and 7 + 200",
                        t -> t.call(
                                Indices.of(Shape.of(1, 1), new int[] {1}),
                                column(t, 50),
                                column(t, 3, 7),
                                column(t, 100, 200, 300)))
                .probe(
                        "two texts",
                        "both begin with the same slot: 150, 207 and 150, 203",
                        t -> t.call(
                                Indices.of(Shape.of(2, 1), new int[] {1, 0}),
                                column(t, 50),
                                column(t, 3, 7),
                                column(t, 100, 200, 300)))
                .probe(
                        "two slots, two tokens",
                        "50 + 100, 60 + 200, then 3 + 300 and 7 + 400",
                        t -> t.call(
                                Indices.of(Shape.of(1, 2), new int[] {0, 1}),
                                column(t, 50, 60),
                                column(t, 3, 7),
                                column(t, 100, 200, 300, 400)))
                .probe(
                        "a batch, with gradients",
                        "those of the table and of the positions are 0",
                        t -> of(t, 3, 4, 2, 5))
                .probe("more slots than tokens", "", t -> of(t, 2, 2, 5, 3))
                .probe("as many slots as texts and tokens", "", t -> of(t, 3, 3, 3, 3))
                .bug(
                        "The prompt stands behind the text",
                        "Tensor.concat(1, before, tokens)",
                        "Tensor.concat(1, tokens, before)")
                .bug(Bug.of("The positions of the text do not shift: it must begin at P")
                        .replacing(
                                "positions.detach().slice(0, 0, slots + time)",
                                "Tensor.concat(0, positions.detach().slice(0, 0, slots), positions.detach().slice(0, 0,"
                                        + " time))"))
                .bug(
                        "The slots get no positions, and the text begins at 0",
                        "positions.detach().slice(0, 0, slots + time)",
                        "Tensor.concat(0, Tensor.zeros(slots, prompt.dim(1)), positions.detach().slice(0, 0,"
                                + " time))")
                .bug(
                        "The slots get no positions",
                        "positions.detach().slice(0, 0, slots + time)",
                        "Tensor.concat(0, Tensor.zeros(slots, prompt.dim(1)), positions.detach().slice(0, slots, slots"
                                + " + time))")
                .bug("Positions are counted from 1", "slice(0, 0, slots + time)", "slice(0, 1, slots + time + 1)")
                .bug("There are no positions", ".add(places)", "")
                .bug("The base is not frozen: the table of embeddings gets a gradient", "table.detach()", "table")
                .bug("The base is not frozen: the positions get a gradient", "positions.detach()", "positions")
                .bug("The prompt is detached: it never learns", "prompt.unsqueeze(0)", "prompt.detach().unsqueeze(0)")
                .bug(
                        "The prompt learns from the first text alone",
                        "prompt.unsqueeze(0).expand(batch, slots, prompt.dim(1))",
                        "batch == 1 ? prompt.unsqueeze(0) : Tensor.concat(0, prompt.unsqueeze(0),"
                                + " prompt.detach().unsqueeze(0).expand(batch - 1, slots, prompt.dim(1)))")
                .bug(
                        "The prompt is added to the first tokens instead of put before them",
                        "Tensor.concat(1, before, tokens).add(places)",
                        "Tensor.concat(1, before.add(tokens.slice(1, 0, 1)), tokens).add(places)")
                .variant("each part with its own positions", """
                        Tensor first = prompt.add(positions.slice(0, 0, slots).detach()); // (P, C)
                        Tensor[] rows = new Tensor[batch];
                        Tensor tokens = table.embedding(ids).detach(); // (B, T, C)
                        Tensor second = tokens.add(positions.slice(0, slots, slots + time).detach());
                        for (int text = 0; text < batch; text++) {
                            rows[text] = Tensor.concat(0, first, second.select(0, text));
                        }
                        return Tensor.stack(0, rows);
                        """)
                .variant("one table of prompt and tokens", """
                        Tensor both = Tensor.concat(0, prompt, table.detach()); // (P+V, C)
                        int[] numbers = new int[batch * (slots + time)];
                        for (int i = 0; i < numbers.length; i++) {
                            int place = i % (slots + time);
                            int text = i / (slots + time);
                            numbers[i] = place < slots ? place : slots + ids.get(text * time + place - slots);
                        }
                        Tensor x = both.embedding(Indices.of(numbers).reshape(batch, slots + time)); // (B, P+T, C)
                        return x.add(positions.slice(0, 0, slots + time).detach());
                        """)
                .hints(
                        "At which position does the first token of the text stand if there are P slots before it?",
                        "Bring the prompt to (B, P, C), the tokens to (B, T, C), and join them along axis 1.",
                        "Tensor.concat(1, prompt.unsqueeze(0).expand(batch, slots, C), table.detach().embedding(ids)),"
                                + " plus positions.detach().slice(0, 0, P + T).")
                .reading("The section \"Prompt tuning\" of this lesson; Lester, Al-Rfou & Constant 2021, section 2");
    }

    private static Tensor column(Trial t, double... values) {
        return t.tensor(values, values.length, 1);
    }

    private static Object of(Trial t, int batch, int time, int slots, int channels) {
        return t.callWithGradients(
                t.indices(7, batch, time),
                t.normal(slots, channels),
                t.normal(7, channels),
                t.normal(slots + time + 3, channels));
    }
}
