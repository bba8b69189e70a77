package gradus.lessons.lab.knowledge;

import gradus.tensor.random.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a question costs as the body of facts grows: words read, operations, time, and how often the answer is
/// right, of a long context, of retrieval and of the weights alone.
///
/// @param scores get the results
record Growth(Base base, Scores scores, Path folder, Rng rng) {
    static final String CONTEXT = "context";
    static final String INDEX = "index";
    static final String WEIGHTS = "weights";
    static final String TOKENS = "words read";
    static final String FLOPS = "operations";
    static final String MILLIS = "milliseconds";
    static final String RIGHT = "right";

    private static final int[] SIZES = {8, 24, 48, 96};
    private static final int ASKED = 16;

    /// How many facts the bodies have: as many as the country has persons, at most.
    static List<Integer> sizes(World world) {
        List<Integer> sizes = new ArrayList<>();
        for (int size : SIZES) {
            if (size <= world.names().size() * 3 / 2) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    /// Under what name a way with a body of so many facts is kept.
    static String way(String way, int size) {
        return way + " of " + size;
    }

    void run() {
        Lessons lessons = new Lessons(base.world(), 1, rng);
        for (int size : sizes(base.world())) {
            List<Fact> facts = lessons.facts(size, rng.at("facts").at(size));
            List<Fact> asked = facts.subList(0, Math.min(ASKED, size));
            List<String> texts = facts.stream().map(Fact::text).toList();
            measure(
                    way(CONTEXT, size),
                    asked,
                    asked.stream()
                            .map(fact -> WorldForm.of(texts, fact.question(0)))
                            .toList());
            measure(
                    way(WEIGHTS, size),
                    asked,
                    asked.stream().map(fact -> "? " + fact.question(0)).toList());
            try (Shelf shelf = new Shelf(folder.resolve("index-" + size + "-" + base.seed()), facts, base.model())) {
                index(way(INDEX, size), asked, shelf);
            }
        }
    }

    private void measure(String way, List<Fact> asked, List<String> prompts) {
        long start = System.nanoTime();
        List<String> answers = prompts.stream()
                .map(prompt -> base.model().answers(List.of(prompt), 1).getFirst())
                .toList();
        add(way, asked, answers, prompts, (System.nanoTime() - start) * 1e-6);
    }

    private void index(String way, List<Fact> asked, Shelf shelf) {
        var rag = shelf.once();
        List<String> prompts = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        long start = System.nanoTime();
        for (Fact fact : asked) {
            var answer = rag.ask(fact.question(0));
            prompts.add(answer.prompt());
            answers.add(answer.plain());
        }
        add(way, asked, answers, prompts, (System.nanoTime() - start) * 1e-6);
    }

    private void add(String way, List<Fact> asked, List<String> answers, List<String> prompts, double millis) {
        double tokens = prompts.stream()
                .mapToInt(prompt -> base.world().words().ids(prompt).length)
                .average()
                .orElseThrow();
        scores.add(way, TOKENS, tokens);
        scores.add(way, FLOPS, operations(tokens));
        scores.add(way, MILLIS, millis / asked.size());
        scores.add(
                way, RIGHT, Base.share(answers, asked.stream().map(Fact::value).toList()));
    }

    /// Of reading so many words and scoring the next: `2·P·T + 2·L·C·T² + 2·V·C`, P without the token table.
    private double operations(double tokens) {
        var config = base.model().gpt().config();
        long table = (long) config.vocabSize() * config.dim();
        long blocks = base.model().gpt().parameterCount() - table;
        return 2.0 * blocks * tokens + 2.0 * config.layers() * config.dim() * tokens * tokens + 2.0 * table;
    }
}
