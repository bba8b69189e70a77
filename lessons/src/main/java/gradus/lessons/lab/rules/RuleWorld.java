package gradus.lessons.lab.rules;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.stream.IntStream;

/// What every function makes of every symbol. Each function is a permutation, so that each answer is as frequent as
/// any other one and a guess is right in one of as many cases as there are symbols.
///
/// @param tables of each function, for each symbol, what it becomes
record RuleWorld(int[][] tables) {

    /// Permutations drawn at random.
    ///
    /// @throws gradus.error.ConfigException if there are fewer than 2 symbols or no function
    static RuleWorld of(int symbols, int functions, Rng rng) {
        require(
                symbols >= 2 && functions >= 1,
                "a world needs 2 symbols and a function; got %d and %d",
                symbols,
                functions);
        return new RuleWorld(IntStream.range(0, functions)
                .mapToObj(f -> Shuffled.upTo(symbols, rng.at("functions").at(f)))
                .toArray(int[][]::new));
    }

    int symbols() {
        return tables[0].length;
    }

    int functions() {
        return tables.length;
    }

    /// The rule that says what a function makes of a symbol.
    Rule rule(int symbol, int function) {
        return new Rule(symbol, function, tables[function][symbol]);
    }

    /// The symbols that a chain comes through, the first one it starts at, the last one the answer.
    int[] path(Chain chain) {
        int[] path = new int[chain.hops() + 1];
        path[0] = chain.start();
        for (int i = 0; i < chain.hops(); i++) {
            path[i + 1] = tables[chain.functions().get(i)][path[i]];
        }
        return path;
    }
}
