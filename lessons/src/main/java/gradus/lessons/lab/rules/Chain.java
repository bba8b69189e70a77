package gradus.lessons.lab.rules;

import java.util.List;

/// A question: what becomes of a symbol through functions, one after the other.
///
/// @param start     the symbol
/// @param functions from the first on
record Chain(int start, List<Integer> functions) {
    Chain {
        functions = List.copyOf(functions);
    }

    static Chain of(int start, Integer... functions) {
        return new Chain(start, List.of(functions));
    }

    int hops() {
        return functions.size();
    }
}
