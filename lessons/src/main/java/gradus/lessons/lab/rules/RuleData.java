package gradus.lessons.lab.rules;

import gradus.tensor.random.Rng;
import gradus.train.task.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What a recipe's model sees: questions without a context, which only the fixed world answers, and rows of a context
/// with questions that its rules answer. As many questions of one hop as of two.
///
/// @param kind     of the worlds
/// @param world    the fixed one
/// @param language of all
/// @param trained  the compositions of the fixed world that are asked
/// @param asked    questions of a step
record RuleData(Kind kind, RuleWorld world, Language language, List<Chain> trained, int asked) {
    private static final int PER_ROW = 4; // questions behind a context

    /// Where rules come from.
    enum Kind {
        /// The fixed world, in half of the questions its rules stand in a context.
        FIXED,
        /// Half of the questions without a context, of the fixed world; the others of a world of their own.
        MIXTURE,
        /// A world of its own for every context; nothing without one.
        FRESH,
        /// The fixed world without contexts, where the answer to each composition is drawn at random.
        SHUFFLED
    }

    /// The batches of a step, without contexts and with.
    List<Batch> batches(Rng rng) {
        List<Batch> batches = new ArrayList<>();
        int plain = switch (kind) {
            case FIXED, MIXTURE -> asked / 2;
            case FRESH -> 0;
            case SHUFFLED -> asked;
        };
        if (plain > 0) {
            batches.add(plain(plain, rng.at("plain")));
        }
        if (plain < asked) {
            batches.add(inContext((asked - plain) / PER_ROW, rng.at("context")));
        }
        return batches;
    }

    private Batch plain(int count, Rng rng) {
        RuleRows rows = new RuleRows(language);
        Map<Chain, Integer> drawn = kind == Kind.SHUFFLED ? drawn() : Map.of();
        for (int i = 0; i < count; i++) {
            Rng own = rng.at(i);
            Chain chain = i % 2 == 0
                    ? Chain.of(own.index(0, world.symbols()), own.index(1, world.functions()))
                    : trained.get(own.index(0, trained.size()));
            int[] path = world.path(chain);
            path[chain.hops()] = drawn.getOrDefault(chain, path[chain.hops()]);
            rows.row(List.of()).ask(chain, path);
        }
        return rows.batch();
    }

    /// An answer to each composition that has nothing to do with its rules.
    private Map<Chain, Integer> drawn() {
        Map<Chain, Integer> drawn = new HashMap<>();
        int[] answers = Shuffled.upTo(trained.size(), Rng.of(0).at("answers"));
        for (int i = 0; i < answers.length; i++) {
            drawn.put(trained.get(i), answers[i] % world.symbols());
        }
        return drawn;
    }

    private Batch inContext(int count, Rng rng) {
        RuleRows rows = new RuleRows(language);
        Set<Chain> allowed = new HashSet<>(trained);
        for (int i = 0; i < count; i++) {
            Rng own = rng.at(i);
            boolean fixed = kind == Kind.FIXED;
            RuleContext context = fixed ? fixedContext(own) : freshContext(world, own);
            List<Chain> two = context.twoHops().stream()
                    .filter(chain -> !fixed || allowed.contains(chain))
                    .toList();
            rows.row(context.rules());
            for (int q = 0; q < PER_ROW; q++) {
                Rng question = own.at("question").at(q);
                Rule rule = context.rules().get(question.index(0, RuleContext.RULES));
                Chain chain = question.index(1, 2) == 0
                        ? Chain.of(rule.symbol(), rule.function())
                        : two.get(question.index(2, two.size()));
                rows.ask(chain, context.path(chain));
            }
        }
        return rows.batch();
    }

    /// Around a composition that is trained.
    private RuleContext fixedContext(Rng rng) {
        Chain two = trained.get(rng.index(0, trained.size()));
        return RuleContext.of(world, longer(two, world.functions(), rng), rng);
    }

    /// Of a world of its own.
    ///
    /// @param like how large it is
    static RuleContext freshContext(RuleWorld like, Rng rng) {
        RuleWorld fresh = RuleWorld.of(like.symbols(), like.functions(), rng.at("world"));
        return RuleContext.of(fresh, threeHops(fresh, rng), rng);
    }

    /// A question of three different functions.
    static Chain threeHops(RuleWorld world, Rng rng) {
        int[] functions = Shuffled.upTo(world.functions(), rng.at("chain"));
        return Chain.of(rng.index(0, world.symbols()), functions[0], functions[1], functions[2]);
    }

    /// A chain with one more function, another one than it has.
    static Chain longer(Chain chain, int functions, Rng rng) {
        List<Integer> others = IntStream.range(0, functions)
                .boxed()
                .filter(each -> !chain.functions().contains(each))
                .toList();
        List<Integer> more = new ArrayList<>(chain.functions());
        more.add(others.get(rng.at("longer").index(0, others.size())));
        return new Chain(chain.start(), more);
    }
}
