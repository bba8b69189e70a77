package gradus.lessons.lab.rules;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Six rules that a context states, in random order: the three of a chain x f g h, and three that show the same symbols
/// with other functions, which mislead who looks at the symbol or at the function alone.
///
/// @param rules in the order in which they stand
record RuleContext(List<Rule> rules) {
    /// Of a context.
    static final int RULES = 6;

    /// Around a chain of three hops.
    static RuleContext of(RuleWorld world, Chain chain, Rng rng) {
        int[] path = world.path(chain);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < chain.hops(); i++) {
            rules.add(world.rule(path[i], chain.functions().get(i)));
        }
        for (int i = 0; rules.size() < RULES; i++) {
            // the chain's symbols with the functions that are not theirs, then any
            boolean near = i < chain.hops();
            int symbol = near ? path[i] : rng.at("symbol").index(i, world.symbols());
            int function = near
                    ? chain.functions().get((i + 1) % chain.hops())
                    : rng.at("function").index(i, world.functions());
            Rule decoy = world.rule(symbol, function);
            if (!rules.contains(decoy)) {
                rules.add(decoy);
            }
        }
        return new RuleContext(Shuffled.of(rules, rng.at("order")));
    }

    /// All questions of two different functions that the rules answer.
    List<Chain> twoHops() {
        List<Chain> chains = new ArrayList<>();
        for (Rule first : rules) {
            for (Rule second : rules) {
                if (first.result() == second.symbol() && first.function() != second.function()) {
                    chains.add(Chain.of(first.symbol(), first.function(), second.function()));
                }
            }
        }
        return chains;
    }

    /// What the rules answer, as [RuleWorld#path].
    ///
    /// @throws IllegalArgumentException if they do not
    int[] path(Chain chain) {
        int[] path = new int[chain.hops() + 1];
        path[0] = chain.start();
        for (int i = 0; i < chain.hops(); i++) {
            int symbol = path[i];
            int function = chain.functions().get(i);
            Predicate<Rule> asked = rule -> rule.symbol() == symbol && rule.function() == function;
            path[i + 1] = rules.stream()
                    .filter(asked)
                    .findFirst()
                    .map(Rule::result)
                    .orElseThrow(() -> new IllegalArgumentException("no rule for " + symbol + " and " + function));
        }
        return path;
    }

    /// With another result of one rule.
    RuleContext with(Rule old, int result) {
        return new RuleContext(rules.stream()
                .map(rule -> rule.equals(old) ? new Rule(rule.symbol(), rule.function(), result) : rule)
                .toList());
    }

    /// With every result at the rule before it, the first one's at the last.
    RuleContext rotated() {
        List<Rule> rotated = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule own = rules.get(i);
            rotated.add(new Rule(
                    own.symbol(),
                    own.function(),
                    rules.get((i + 1) % rules.size()).result()));
        }
        return new RuleContext(rotated);
    }

    /// How likely somebody is right who names the result of a rule drawn at random.
    double chance(int answer) {
        return rules.stream().filter(rule -> rule.result() == answer).count() / (double) rules.size();
    }
}
